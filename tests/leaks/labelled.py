"""Texts in which people have marked by hand what gives the applicants away: `[…]` surely, `{…}` maybe.

Everything outside of the marks is what must not be found: words that look like a name, sums, dates, shops.
"""

from typing import Any

TEAMS: dict[str, dict[str, Any]] = {
    "kk": {
        "given_name": "Айгүл",
        "family_name": "Ахметова",
        "patronymic": "Серікқызы",
        "stage_name": "Айкөке апай",
        "email": "aigul.akhmetova@mail.kz",
        "phone": "8 701 234 56 78",
        "organisation_name_kk": "«Жасыл әлем» қоғамдық қоры",
        "organisation_name_ru": "Общественный фонд «Жасыл алем»",
        "website": "https://zhasyl-alem.kz",
        "bin": "250140000003",
        "address": "Алматы қ., Абай көшесі, 150",
        "members": [
            {"id": "a", "name": "Арман Нұрғалиев", "email": "arman.n77@gmail.com"},
            {"id": "b", "name": "Жәнібек Өмірзақ", "email": ""},
        ],
    },
    "ru": {
        "given_name": "Дмитрий",
        "family_name": "Достоевский",
        "patronymic": "Ильич",
        "stage_name": "",
        "email": "dostoevsky@example.org",
        "phone": "+7 (727) 250-11-22",
        "organisation_name_kk": "",
        "organisation_name_ru": "ТОО «Центр городской медиации»",
        "website": "instagram.com/mediacia_almaty",
        "bin": "",
        "address": "г. Алматы, ул. Толе би, 55а",
        "members": [
            {"id": "a", "name": "Надежда Мороз", "email": ""},
            {"id": "b", "name": "Ли Мария", "email": ""},
            {"id": "c", "name": "Юлия Щербакова-Цой", "email": ""},
        ],
    },
    "en": {
        "given_name": "Alexander",
        "family_name": "Bauer",
        "patronymic": "",
        "stage_name": "Sasha the Gardener",
        "email": "alex.bauer@example.com",
        "phone": "+44 20 7946 0958",
        "organisation_name_kk": "",
        "organisation_name_ru": "Qala4people",
        "website": "",
        "bin": "",
        "address": "",
        "members": [{"id": "a", "name": "Hope Yessenkulova", "email": ""}],
    },
}

LABELLED: tuple[tuple[str, str], ...] = (
    # Kazakh
    ("kk", "Үйлестірушіміз [Айгүл Ахметова] үш жоба өткізді. [Айгүлдің] тобы көп. [Айгүлге] айттық."),
    ("kk", "[Айгулмен], [Айгульге], [Aigul], [Aygül], [Aigyul] деп те, [Aigúl] деп те жазады."),
    ("kk", "Хатты [Ахметоваға], [Ахметовтың] отбасына, [Akhmetova-ға] және [АХМЕТОВА] деп жіберіңіз."),
    ("kk", "[Серікқызы], [Серик кызы], [Serikkyzy]. Ауылдың серігі болдық."),
    ("kk", "{арман} көп. {Арман} да көп. Бізбен бірге [Арман] мен [Нұрғалиевтер] келді."),
    ("kk", "[Жәнібекке], [Жанибектің], [Janibek], [Zhanibek Omirzaq], [Өмірзақпен] кездестік."),
    ("kk", "Бұл [Жасыл әлемнің] ісі, «[жасыл әлем]» деп аталады. {жасыл әлем} құрамыз."),
    ("kk", "[Айкөке апайдан] сұраңыз. Апай көп, көке де көп. Ай сайын жиналамыз."),
    ("kk", "Хабарласыңыз: [8 701 234 56 78], [+7(701)2345678], [8-701-234-56-78], [87012345678]."),
    ("kk", "Поштасы [aigul.akhmetova@mail.kz] немесе [info [at] qor dot kz]; сайты [www.zhasyl-alem.kz]."),
    ("kk", "Инстаграмда [@zhasyl.alem], [t.me/zhasylalem], телеграм тобында 300 адам бар."),
    ("kk", "БСН [250140000003], мекенжайы [Абай көшесі, 150]. Абай атындағы 12 мектеп бар."),
    ("kk", "Бюджет 2 310 000 ₸, 8 701 234 568 теңге, 2026-2027 жылдар, 12.05.2026, 10:00-18:00."),
    (
        "kk",
        "Ахмет Байтұрсынұлы көшесінде айлық жиналыс болды, айгүл деген гүл екен.".replace("айгүл", "{айгүл}"),
    ),
    (
        "kk",
        "Алматыда алма ағаштары, армандай жер, жаңа және жасыл аула, әлем таныған қала.".replace(
            "армандай", "{армандай}"
        ),
    ),
    # Russian
    ("ru", "Координатор [Дмитрий Достоевский] работал с [Достоевским], без [Дмитрия] никак."),
    ("ru", "[Дмитрию Ильичу] писали: [Dmitry Dostoevsky], [Dmitriy], [Достоевскому Д.И.], [Д. Достоевский]."),
    (
        "ru",
        "{надежда} есть. {Надежда} тоже. Занятия ведёт [Надежда Мороз], у [Мороз] есть опыт. {мороз}.",
    ),
    ("ru", "Придёт ли она? Придёт [Ли]. [Мария Ли] и [Марии] помогала. Можно ли Вам помочь."),
    (
        "ru",
        "[Юлию Щербакову], [Юлией], [Yulia Shcherbakova], [Julia], [Щербаковой-Цой] пригласили.",
    ),
    ("ru", "[Центр городской медиации], [Центра городской медиации] и [ЦГМ] работают с 2019 года."),
    ("ru", "{центр городской медиации} открыт в центре, городской медиацией занимаются многие."),
    ("ru", "Звоните [+7 727 250 11 22], [8 (727) 250-11-22], [250-11-22]."),
    (
        "ru",
        "Пишите: [vasya собака mail.ru], [dostoevsky@example.org], [@mediacia_almaty], [mediacia_almaty].",
    ),
    ("ru", "Цены с kaspi.kz и stat.gov.kz, группа в [instagram.com/dvor_7], сайт [dvor.kz]."),
    ("ru", "Офис на [Толе би, 55а]. На Толе би, 12 аптека. Дом 55а по другой улице. И т.д., т.е. сада.Me."),
    ("ru", "Читаем Достоевск ого и Дмитр иева, снег и морозко, толеранты, медиатека."),
    ("ru", "Смета 8 900 000 000 тенге, 701 234 567 тенге, артикул 1234-56-78, ГОСТ 12.1.004-91, 2026 год."),
    # English
    ("en", "Our lead [Alexander Bauer] and [Bauer's] team. [Александр], [Бауэром], [A. Bauer] helped."),
    ("en", "We {hope} so. {Hope} is here. Then [Hope] came with [Yesenkulova], [Есенкуловой] too."),
    ("en", "[Qala4people] and [qala4people] keep the yard; the qala has four people."),
    ("en", "Ask [Sasha the Gardener]. The gardener waters in August."),
    ("en", "Call [+44 20 7946 0958] or write to [alex.bauer@example.com], [bob at mail dot com]."),
    ("en", "Meet us at noon. We met at library.The rest is at home, version 2.0.1, 10 000 000 tenge."),
)
