"""The commands as typer sees them: common options everywhere, help and complaints in both languages."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer
import typer.core
from typer.models import OptionInfo, ParameterInfo

from fieldcrm.base.errors import Cancelled, FieldcrmError, InvalidField, InvalidFields
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.cli import language_of
from fieldcrm.cli.call import Call, Usage

UsageError: Any = typer.BadParameter.__mro__[1]  # typer shows no other of its complaints by name
Run = Callable[..., int | None]


@dataclass(frozen=True)
class Command:
    """A command: its words ("enrol request"), what runs it (given the call, then its own options), its help."""

    words: str
    run: Run
    help: str


ABOUT = N_("Field CRM for insurance account managers. Without a command it opens the window.")
GROUPS = {
    "print": N_("Print on paper (PDF)."),
    "enrol": N_("Make an account manager and an office known to each other."),
    "recover": N_("Back into a book whose password and recovery code are lost, with the office's help."),
    "package": N_("Packages between account managers and offices."),
}
EPILOG = N_("Exit codes: 0 done (also when rows failed and were reported), 1 refused with a reason, 2 wrong usage.")
# what typer writes in English, in our catalogue
THEIRS = {
    "Usage: ": N_("Usage: "),
    "[OPTIONS]": N_("[OPTIONS]"),
    "COMMAND [ARGS]...": N_("COMMAND [ARGS]..."),
    "Options:": N_("Options:"),
    "Arguments:": N_("Arguments:"),
    "Commands:": N_("Commands:"),
    "[required]": N_("[required]"),
    "[default: ": N_("[default: "),
    "FILE...": "FILE…",
}
MISSING, NO_OPTION = N_("{what} is missing."), N_("There is no option {what}.")
NO_VALUE, NO_COMMAND = N_("{what} needs a value."), N_("There is no command “{what}”.")
TOO_MANY, WHICH_COMMAND = N_("Too many words: {what}."), N_("Say which command.")
BUG = N_("The program met a fault of its own; nothing was half done. The report is in {file}.")
CANCELLED = N_("Cancelled; nothing was changed.")
STOPPED = N_("Stopped; what was written before stays. “fieldcrm history” tells what it was.")
_WORDS = ("kind", "where")  # of `show`: wrong ones are wrong usage
HINT = N_("Help: {command} --help")


def whole(text: str | int) -> int:
    """A whole number from 0 on (a default comes as a number)."""
    text = str(text)
    if not (text.isascii() and text.isdecimal()):
        raise Usage(gettext("“{text}” is not a whole number from 0 on.").format(text=text))
    return int(text)


def one_of(*choices: str) -> Callable[[str], str]:
    """A word out of some."""

    def choose(text: str) -> str:
        if text not in choices:
            raise Usage(gettext("“{text}” is not one of: {choices}.").format(text=text, choices=", ".join(choices)))
        return text

    return choose


def language(text: str) -> str:
    """A language as `zh_CN` or `en`."""
    found = language_of(text)
    if found is None:
        raise Usage(gettext("“{text}” is not one of: {choices}.").format(text=text, choices="zh, en"))
    return found


def _show_help(context: typer.Context, _parameter: Any, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        told = translated(context.get_help())
        context.ensure_object(Call).give({"help": told}, told)
        context.exit()


def _show_version(context: typer.Context, _parameter: Any, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from fieldcrm import __version__

        context.ensure_object(Call).give({"version": __version__}, f"fieldcrm {__version__}")
        context.exit()


_COMMON: dict[str, tuple[Any, Any]] = {
    "data": (str, typer.Option("--data", metavar="DIR", help=N_("The folder of the book, in place of the usual one."))),
    "json": (bool, typer.Option("--json", help=N_("One JSON object on stdout, messages on stderr."))),
    "lang": (str, typer.Option("--lang", metavar="zh|en", parser=language, help=N_("The language."))),
    "password_stdin": (
        bool,
        typer.Option("--password-stdin", help=N_("Read the password from the first line of stdin.")),
    ),
    "show_help": (
        bool,
        typer.Option("--help", "-h", is_eager=True, callback=_show_help, help=N_("Show this help.")),
    ),
}
_OF_ALL = {
    "theme": (
        str,
        typer.Option(
            "--theme",
            metavar="light|dark|system",
            parser=one_of("light", "dark", "system"),
            help=N_("The look of the window."),
        ),
    ),
    "version": (bool, typer.Option("--version", is_eager=True, callback=_show_version, help=N_("Show the version."))),
}


def translated(text: str) -> str:
    """Help text with typer's own words in the current language."""
    for theirs, ours in THEIRS.items():
        text = text.replace(theirs, gettext(ours))
    return re.sub(r"\{([A-Z]+)\}| <[\w\[\]]+>", r"\1", text)  # typer puts types and brackets round arguments


def build(commands: Sequence[Command]) -> Any:
    """The program as a command that typer can run."""
    settings: dict[str, Any] = {"add_help_option": False}
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback(
        cls=_listing(commands), invoke_without_command=True, help=gettext(ABOUT), epilog=gettext(EPILOG), **settings
    )(_root())
    groups: dict[str, typer.Typer] = {}
    for name, told in GROUPS.items():
        groups[name] = typer.Typer(rich_markup_mode=None)
        groups[name].callback(**settings)(_shared())
        app.add_typer(groups[name], name=name, help=gettext(told), **settings)
    for command in commands:
        group, _, name = command.words.rpartition(" ")
        place = groups[group] if group else app
        place.command(name, help=gettext(command.help), short_help=gettext(command.help), **settings)(
            _adapted(command.run)
        )
    return typer.main.get_command(app)


def _listing(commands: Sequence[Command]) -> type[typer.core.TyperGroup]:
    """The program's help names every command whole ("enrol request"), not only the first words."""

    class Listing(typer.core.TyperGroup):
        def format_commands(self, _context: Any, formatter: Any) -> None:
            with formatter.section("Commands"):
                formatter.write_dl([(command.words, gettext(command.help)) for command in commands])

    return Listing


def _adapted(run: Run) -> Callable[..., Any]:
    """The function with the common options added and its help translated."""
    hints = get_type_hints(run, include_extras=True)
    own = [
        p.replace(annotation=_in_our_words(hints[p.name], p.name))
        for p in inspect.signature(run).parameters.values()
        if p.name != "call"
    ]

    def adapted(context: typer.Context, **values: Any) -> int:
        call: Call = context.ensure_object(Call)
        note_common(call, values)
        mine = {name: values[name] for name in values if name not in _COMMON}
        try:
            return run(call, **mine) or 0
        except KeyboardInterrupt:  # typer would end with a code of its own, and without a word
            raise Cancelled from None

    return _signed(adapted, own, _COMMON)


def _shared() -> Callable[..., Any]:
    def group(context: typer.Context, **values: Any) -> None:
        note_common(context.ensure_object(Call), values)

    return _signed(group, [], _COMMON)


def _root() -> Callable[..., Any]:
    def root(context: typer.Context, **values: Any) -> None:
        note_common(context.ensure_object(Call), values)
        if context.invoked_subcommand is None:
            raise Usage(gettext(WHICH_COMMAND))

    return _signed(root, [], _COMMON | _OF_ALL)


def note_common(call: Call, values: dict[str, Any]) -> None:
    """Common options may stand before or after the command; the last word counts."""
    call.data = values.get("data") or call.data
    call.as_json = values.get("json") or call.as_json
    call.password_stdin = values.get("password_stdin") or call.password_stdin


def _signed(
    function: Callable[..., Any], own: list[inspect.Parameter], more: dict[str, tuple[Any, Any]]
) -> Callable[..., Any]:
    """Give a function the signature that typer reads."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)]
    parameters += [p.replace(kind=keyword) for p in own]
    for name, (kind, option) in more.items():
        default, type_ = (False, bool) if kind is bool else (None, kind | None)
        annotation = _in_our_words(Annotated[type_, option])
        parameters.append(inspect.Parameter(name, keyword, default=default, annotation=annotation))
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    function.__annotations__ = {p.name: p.annotation for p in parameters}
    return function


def _in_our_words(annotation: Any, name: str = "") -> Any:
    """An annotation whose option or argument has its help in the current language; `name` is its parameter's."""
    if get_origin(annotation) is not Annotated:
        return annotation
    type_, *notes = get_args(annotation)
    said = []
    for note in notes:
        if isinstance(note, ParameterInfo):
            from copy import copy

            note = copy(note)
            note.help = gettext(note.help) if note.help else None
            if isinstance(note, OptionInfo):
                note.show_default = note.show_default if type_ is not bool else False
                if note.parser is not None:
                    note.parser = _named(note.parser, next(iter(note.param_decls or ()), f"--{name}"))
        said.append(note)
    return Annotated[type_, *said]


def _named(parser: Callable[[Any], Any], option: str) -> Callable[[Any], Any]:
    """The parser of an option's value, whose complaint names the option."""

    def parse(text: Any) -> Any:
        try:
            return parser(text)
        except Usage as wrong:
            raise Usage(f"{option}: {wrong}") from None

    return parse


def run(words: Sequence[str], password: str | None) -> int:
    """Parse and run; every error becomes one sentence and an exit code."""
    from fieldcrm.cli.commands import COMMANDS

    as_json = "--json" in words
    call = Call(given_password=password, as_json=as_json)  # help and complaints come before options are read
    try:
        done = build(COMMANDS).main(list(words), prog_name="fieldcrm", standalone_mode=False, obj=call)
        sys.stdout.flush()  # a pipe that was closed is told here, not by Python at its end
        return int(done or 0)
    except Usage as error:
        return _wrong(str(error), as_json, _path(words))
    except UsageError as error:
        return _wrong(_complaint(error), as_json, error.ctx.command_path if error.ctx else "fieldcrm")
    except InvalidFields as error:
        problems = [{"field": p.field, "error": p.code, "message": p.sentence} for p in error.problems]
        return _refused(call, as_json, error.code, error.sentence, problems=problems)
    except FieldcrmError as error:
        if isinstance(error, InvalidField) and error.field in _WORDS:
            return _wrong(error.sentence, as_json, _path(words), error.code)
        return _refused(call, as_json, error.code, error.sentence)
    except Cancelled:
        told = gettext(STOPPED if call.changed else CANCELLED)
        return _refused(call, as_json, "cancelled", told, changed=call.changed)
    except BrokenPipeError:
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        return _refused(call, as_json, "bug", gettext(BUG).format(file=_report(call, error)))


def _complaint(error: Any) -> str:
    """What typer complains of, in our words."""
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    name = getattr(error, "option_name", None) or (parameter.opts[0] if parameter is not None else "")
    if parameter is not None and parameter.param_type_name == "argument":
        name = parameter.metavar or parameter.name.upper()
    if kind == "MissingParameter":
        return gettext(MISSING).format(what=name)
    if kind == "NoSuchOption":
        return gettext(NO_OPTION).format(what=name)
    if kind == "BadOptionUsage":
        return gettext(NO_VALUE).format(what=name)
    told: str = error.message
    quoted = told.partition("'")[2].rpartition("'")[0]
    if told.startswith("No such command"):
        return gettext(NO_COMMAND).format(what=quoted)
    if told.startswith("Missing command"):
        return gettext(WHICH_COMMAND)
    if told.startswith("Got unexpected extra"):
        return gettext(TOO_MANY).format(what=told.partition("(")[2].rpartition("(")[2].rstrip(")"))
    return gettext("{what} does not take this value.").format(what=name or told)


def _path(words: Sequence[str]) -> str:
    """The command that the words speak of, for the hint to its help."""
    from fieldcrm.cli.commands import COMMANDS

    bare = " ".join(["", *(word for word in words if not word.startswith("-")), ""])
    found = [command.words for command in COMMANDS if f" {command.words} " in bare]
    return " ".join(["fieldcrm", *found[:1]])


def _wrong(sentence: str, as_json: bool, command: str = "fieldcrm", code: str = "usage") -> int:
    print(sentence, gettext(HINT).format(command=command), file=sys.stderr)
    if as_json:
        print(json.dumps({"error": code, "message": sentence}, ensure_ascii=False))
    return 2


def _refused(call: Call, as_json: bool, code: str, sentence: str, **more: Any) -> int:
    call.end_progress()
    print(sentence, file=sys.stderr)
    for problem in more.get("problems", ()):
        if problem["message"] != sentence:
            print(problem["message"], file=sys.stderr)
    if as_json:
        print(json.dumps({"error": code, "message": sentence, **more}, ensure_ascii=False))
    return 1


def _report(call: Call, error: Exception) -> str:
    """Write what went wrong, without any value, where the log is; gives the file."""
    import tempfile
    from pathlib import Path

    from fieldcrm.base import log

    folder = call.folder if call.folder.is_dir() else Path(tempfile.gettempdir())
    file = folder / log.FILE
    try:
        with file.open("a", encoding="utf-8") as out:
            out.write(log.report(error) + "\n")
    except OSError:
        print(log.report(error), file=sys.stderr)
    return str(file)
