"""Documents to keep and to print: the questions of a call, the copy of an application. No HTTP is here."""
