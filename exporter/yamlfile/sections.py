"""Values of a file -> pydantic models, or every mistake in our words and with its line."""

import types
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from exporter.errors import ConfigurationError
from exporter.words import show_word
from exporter.yamlfile.document import parse, read_text
from exporter.yamlfile.source import Mistake, Path_, Source, show_path

_Model = TypeVar("_Model", bound=BaseModel)
_MOST_LINES = 100

# Our words for pydantic's: short, and never with the value in them.
_WORDS = {
    "missing": "is required",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "int_type": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be a string",
    "path_type": "must be a file name",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
    "too_short": "must not be empty",
}


class Section(BaseModel):
    """A section of a file: immutable, and with no other keys than its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _or_empty(value: object) -> object:
    """A section whose keys are all commented out is None in YAML, and means no keys."""
    return {} if value is None else value


OrEmpty = BeforeValidator(_or_empty)


def beside(path: Path, info: ValidationInfo) -> Path:
    """The path, relative to the folder of the file; `read_section` is given it as `folder`."""
    folder: Path = (info.context or {}).get("folder", Path())
    return folder / path


def quoting(before: str, value: str, after: str) -> PydanticCustomError:
    """A mistake whose message quotes the value, unless an environment variable is part of it.

    Such a value may be a secret that stands under the wrong key.

    Returns:
        The error that a validator raises: `before "value" after`, or `before after`.
    """
    context = {
        "shown": " ".join(filter(None, (before, show_word(value), after))),
        "hidden": " ".join(filter(None, (before, after))),
    }
    return PydanticCustomError("quoting", "is invalid", context)


def read_source(path: Path, environment: Mapping[str, str] | None) -> Source:
    """The content of a file, not yet validated.

    Args:
        path: Where it is.
        environment: For `${NAME}`; None replaces nothing.

    Raises:
        ConfigurationError: The file cannot be read at all.
    """
    try:
        return parse(read_text(path), environment)
    except ValueError as error:
        raise ConfigurationError([f"{path}: {error}"]) from None


def read_section(
    model: type[_Model], values: object, path: Path_, source: Source, context: dict[str, Any]
) -> _Model | None:
    """The validated section, or None if it is invalid; the source has the mistakes then."""
    try:
        return model.model_validate(_or_empty(values), context=context)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            where = _place((*path, *details["loc"]), source)
            source.complain(where, _text(details, where, model, source))
    return None


def _place(where: Path_, source: Source) -> Path_:
    """The path without `[key]`, which pydantic appends where a key itself is invalid."""
    return where[:-1] if where[-1:] == ("[key]",) and where not in source.lines else where


def fail(path: Path, mistakes: Iterable[Mistake]) -> NoReturn:
    """Raises ConfigurationError, a line a mistake, in the order of the file.

    At most 100 are listed; a last line counts the others.
    """
    ordered = sorted(mistakes, key=lambda mistake: mistake.line)
    lines = [_show(path, mistake) for mistake in ordered[:_MOST_LINES]]
    if len(ordered) > _MOST_LINES:
        lines.append(f"… and {len(ordered) - _MOST_LINES} more")
    raise ConfigurationError(lines)


def _show(path: Path, mistake: Mistake) -> str:
    place = f"{show_path(mistake.path)}: " if mistake.path else ""
    return f"{path}:{mistake.line}: {place}{mistake.text}"


def _text(details: ErrorDetails, where: Path_, model: type[BaseModel], source: Source) -> str:
    kind, context = details["type"], details.get("ctx", {})
    match kind:
        case "extra_forbidden":
            owner = _owner(model, details["loc"])
            near = source.did_you_mean(str(where[-1]), tuple(owner.model_fields))
            return f"unknown key{near}"
        case "value_error":
            return show_word(str(context["error"]))
        case "quoting":
            return str(context["hidden" if where in source.replaced else "shown"])
        case "greater_than_equal":
            return f"must be at least {context['ge']}"
        case "greater_than":
            return f"must be more than {context['gt']:g}"
        case "less_than_equal":
            return f"must be at most {context['le']:g}"
    return _WORDS.get(kind, "is invalid")


def _owner(model: type[BaseModel], place: Path_) -> type[BaseModel]:
    """The section that a key is of: `("departments", 3, "nam")` -> the model of a department."""
    within: Any = model
    for step in place[:-1]:
        within = _bare(within)
        if get_origin(within) in (tuple, dict):  # the last argument is the type of its values
            within = [one for one in get_args(within) if one is not Ellipsis][-1]
        else:
            within = within.model_fields[step].annotation
    section: type[BaseModel] = _bare(within)
    return section


def _bare(annotation: Any) -> Any:
    """A type without what is checked of it, and without None."""
    while get_origin(annotation) in (Annotated, types.UnionType):
        annotation = get_args(annotation)[0]
    return annotation
