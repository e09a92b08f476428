"""The words of pictures and documents: what helps when one is refused, and what each is asked for."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "file.missing": N_("Choose a file first."),
    "file.empty": N_("This file is empty. Choose the one that you meant."),
    "file.too_large": N_("This file is larger than 10 MB. Make it smaller, or choose another one."),
    "file.unreadable": N_("The file did not arrive whole. Please send it again."),
    "file.is_document": N_("This is a PDF. Add it under documents, or choose a picture."),
    "file.is_picture": N_("This is a picture. Add it as the picture, or save it as a PDF first."),
    "file.is_office": N_("This is a Word, Excel or archive file. Save it as a PDF, and choose the PDF."),
    "file.is_other_picture": N_("This kind of picture is not taken. Save it as JPG or PNG."),
    "file.is_drawing": N_("This is an SVG drawing. Save it as PNG or PDF."),
    "file.is_page": N_("This is a web page. Print it to a PDF, and choose the PDF."),
    "file.no_picture": N_("This is not a picture that can be read. JPG, PNG, WebP and HEIC are taken."),
    "file.no_document": N_("This is not a PDF. Save your document as a PDF, and choose that."),
    "file.only_white": N_("Nothing of this picture is seen on white. Choose one with dark lines or colours."),
    "file.locked": N_("This PDF is locked by a password. Save it without one, and choose it again."),
    "file.broken": N_(
        "This file is damaged or only a part of it is there. Open it, save it again, and choose that."
    ),
    "file.too_many_points": N_("This picture has more than {most} million points. Make it smaller first."),
    "file.too_many_pages": N_("This PDF has {found} pages. Shorten it to {most} or fewer."),
    "file.too_heavy": N_(
        "This file takes too much work to open. Print it to a new PDF, or save a simpler one."
    ),
    "file.cannot_clean": N_(
        "Something in this PDF could hide data about you, and we cannot take it out. "
        "Print it to a new PDF, and choose that."
    ),
    "file.untitled": N_("Say in a few words what it shows."),
    "file.title_changed": N_(
        "Somebody else wrote here meanwhile: “{theirs}”. Save again to keep your words."
    ),
    "file.no_room": N_("There is no room for another one (at most {most}). Remove or replace one first."),
    "file.gone": N_("This file was removed or replaced meanwhile."),
    "file.too_often": N_("Files of this application were replaced too often. Write to us, and we help."),
    "file.store_away": N_(
        "Files cannot be reached just now. Nothing was changed. Try again in some minutes."
    ),
    "file.away": N_("This file cannot be read just now. Try again later, or write to us."),
}

QUESTIONS: dict[str, Words] = {
    "files.picture": Words(
        N_("Choose a picture"),
        hint=N_("JPG, PNG, WebP or HEIC, up to 10 MB. A photo from your phone is fine."),
    ),
    "files.document": Words(N_("Choose a PDF"), hint=N_("PDF, up to 10 MB and 60 pages.")),
    "files.logo": Words(
        N_("Choose a logo"),
        hint=N_("PNG, JPG, WebP or HEIC, up to 10 MB. It is shown on white, small: a wide one is best."),
    ),
    "files.picture_title": Words(
        N_("What does the picture show?"),
        hint=N_("One or two sentences for people who cannot see it. No names, please."),
    ),
    "files.document_title": Words(
        N_("What does the document show?"),
        hint=N_("A short title, for example: Plan of the yard. No names, please."),
    ),
}

CHOICES: dict[str, dict[str, str]] = {}

FLASHES: dict[str, str] = {
    "file_added": N_("The file is here, cleaned and saved."),
    "file_changed": N_("Saved."),
    "file_moved": N_("The order is changed."),
    "file_removed": N_("The file is removed. You can undo this."),
    "file_back": N_("The file is back."),
    "logo_put": N_("The logo is here, cleaned and saved."),
    "logo_removed": N_("The logo is removed. The name is shown alone."),
}
