"""Every command in the order of the help."""

from fieldcrm.base.i18n import N_
from fieldcrm.cli import care, demo, exchange, keep, reading
from fieldcrm.cli.usage import Command

COMMANDS = (
    Command("demo", demo.demo, N_("Make a demo book of invented clients and open it, or draw every page into files.")),
    Command("init", keep.init, N_("Make a new book, encrypted; the recovery code is told once.")),
    Command("import", keep.import_list, N_("Import a list of the core system (.xlsx, .xls, .csv).")),
    Command("search", reading.search, N_("Find by characters, pinyin, initials or the last digits.")),
    Command("show", reading.show, N_("Show records of a kind: clients, policies, callbacks, visits, diaries …")),
    Command("print visit-plan", reading.visit_plan, N_("Print the visit plan of a week as PDF.")),
    Command("print form", reading.form, N_("Print a blank form to fill in by hand, as PDF.")),
    Command("enrol request", exchange.request, N_("An account manager asks an office for enrolment.")),
    Command("enrol grant", exchange.grant, N_("An office takes an account manager in.")),
    Command("enrol accept", exchange.accept, N_("The account manager accepts the office's grant.")),
    Command("recover request", exchange.ask_recovery, N_("Password and recovery code lost: ask the office for help.")),
    Command("recover grant", exchange.grant_recovery, N_("An office answers a manager who asks for help.")),
    Command("recover accept", exchange.accept_recovery, N_("Open the book by the answer, with a new password.")),
    Command("package export", exchange.export, N_("Write the package of all that the other side lacks.")),
    Command("package inspect", exchange.inspect, N_("Who made a package, for whom, and what is in it.")),
    Command("package import", exchange.import_, N_("Bring packages in, as one step that can be undone.")),
    Command("undo", keep.undo, N_("Take back what was done last.")),
    Command("redo", keep.redo, N_("Do again what was taken back.")),
    Command("history", reading.history, N_("What was done, newest first.")),
    Command("check", care.check, N_("Check that the book is whole: file, history, records, audit log.")),
    Command("backup", care.backup, N_("Take an encrypted backup beside the book.")),
    Command("restore", care.restore, N_("Put a backup in the book's place; the present book is kept aside.")),
    Command("restored", care.restored, N_("An office's database was put back without the program: go on from there.")),
    Command("rekey", care.rekey, N_("Encrypt the book anew, when its files and password may be in wrong hands.")),
)
