"""Words that are names as well, or that name nobody: what keeps the finder from crying wolf."""

from app.leaks.letters import skeleton, skeletons


def _skeletons(words: str) -> frozenset[str]:
    return frozenset(each for word in words.split() for each in skeletons(word))


COMMON = _skeletons(
    """
    арман үміт нұр вера роза болат алма гүл жұлдыз шолпан күн айна асыл дана дархан ерлік еркін бақыт қуаныш
    жеңіс самал толқын қарлығаш сәуле шуақ мирас мұра қайрат намыс ерік береке дәулет мерей табыс талап
    талант тілек ырыс ынтымақ сұлу мөлдір жібек маржан меруерт інжу алтын күміс тұмар гауһар динар ару әсем
    әділ адал ақыл айдын аян айбар айбын алау алмас арай батыр бауыр бота ерке жанар жасын жалын заңғар
    қазына қалқан кемел марал мақпал орал отан өркен сабыр санат тұран шырақ шапағат думан дос достық ермек
    жомарт кербез қыран құралай лашын ләззат мәртебе назар нәзік нұрлы өмір раушан рухани сана саулық серік
    сымбат тұлпар ұлан шаттық шебер шынар ырза ізгі айжан бейбіт бақ жан жанна жігер зере ислам самат сайран
    надежда любовь слава воля мир лилия лев рада злата милана майя мороз волк заяц кузнец зима весна роман
    марина виктория диана регина снежана ангел рад мурат марат саят мақсат бекзат азат гүлдер
    hope grace faith joy will mark rose may june art rich summer victoria iris ivy lily olive ruby brook
    miller baker carpenter gardener
    """
)
"""Names that are words as well: written small, or where a sentence begins, they may be just that."""

NEVER = frozenset(
    {"және", "жаңа", "жаңадан", "алматы", "алматыда", "алматының", "алматыға", "алматыдан", "при", "приём"}
    | {"прием", "приёма", "приема", "мен", "бен", "пен", "или", "ещё", "еще", "the", "and", "for", "with"}
)
"""Words that every text has, and that a name comes too near to."""

NO_STREET = _skeletons(
    """
    улица проспект микрорайон район квартира офис город область алматы казахстан көшесі даңғылы ауданы
    ықшамауданы пәтер қаласы облысы street avenue district apartment office almaty kazakhstan үй дом алатау
    алмалы әуезов бостандық жетісу медеу наурызбай түрксіб алатауский алмалинский ауэзовский бостандыкский
    жетысуский медеуский наурызбайский турксибский alatau almaly auezov bostandyk zhetysu medeu nauryzbay
    turksib
    """
)
"""Words of an address that every address has."""

GENERIC = _skeletons(
    """
    алматы қазақстан казахстан республика республикасы город города қала қаласы центр орталық орталығы клуб
    фонд қор мектеп школа молодёжь молодёжи жастар развитие развития даму дамыту almaty kazakhstan centre
    center club fund foundation school youth development of the for и және мен для по имени атындағы
    """
)
"""Words of which no organisation is known."""

NO_ACRONYMS = frozenset(
    {"ТОО", "ЖШС", "КСК", "ОСИ", "МИО", "НКО", "НПО", "ЖКХ", "США", "СМИ", "ТРЦ", "ДТП", "ЗОЖ", "ООН", "БҰҰ"}
    | {"БАҚ", "АҚШ", "ПДД", "NGO", "USA"}
)
"""Short words in capitals that everybody writes."""

ANYBODY = frozenset(
    {"admin", "contact", "office", "almaty", "hello", "support", "director", "manager", "example", "mailbox"}
)
"""What stands before the @ of anybody's address."""

ENDS_LIKE_A_SURNAME = tuple(
    skeleton(each) for each in ("ов", "ев", "ұлы", "қызы", "ович", "евич", "овн", "евн")
)


def is_surname(word: str) -> bool:
    """Whether its end shows that a word can be nothing but a surname or a patronymic."""
    whole = skeleton(word)
    return len(whole) > 4 and whole.removesuffix("a").endswith(ENDS_LIKE_A_SURNAME)
