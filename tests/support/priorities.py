"""Items and answers for tests of prioritisation, drawn with a fixed seed."""

from random import Random

from assistant.domain.priority import Input, Item, KanoAnswer
from assistant.synthesis.priority.kano import AnswerPair
from assistant.synthesis.priority.method import Method


def item(name: str, bucket: str = "", **numbers: float | tuple[float, float, float] | None) -> Item:
    """An item; a number, a number with its ends, or None where it is missing."""
    inputs = {}
    for key, number in numbers.items():
        if number is None:
            inputs[key] = Input.missing()
        else:
            inputs[key] = Input.said(*number) if isinstance(number, tuple) else Input.said(number)
    return Item(name=name, inputs=inputs, bucket=bucket)


def random_items(method: Method, count: int, seed: int = 7) -> list[Item]:
    """Items with numbers that repeat, intervals, and gaps."""
    draw = Random(seed)
    items = []
    for number in range(count):
        inputs = {}
        for parameter in method.parameters:
            top = parameter.top or 10.0
            value = round(draw.uniform(top / 10, top), draw.choice([0, 1, 2])) or top
            if draw.random() < 0.08:
                inputs[parameter.name] = Input.missing()
            elif draw.random() < 0.5:
                inputs[parameter.name] = Input.said(value)
            else:
                inputs[parameter.name] = Input.said(value, value * draw.uniform(0.3, 1), min(top, value * draw.uniform(1, 2)))  # fmt: skip
        items.append(Item(name=f"item {number}", inputs=inputs))
    return items


def random_pairs(features: int, people: int, seed: int = 7) -> list[AnswerPair]:
    """Answer pairs of people in three segments, features of different leanings."""
    draw = Random(seed)
    pairs = []
    for feature in range(features):
        with_it, without = draw.uniform(1, 4), draw.uniform(2, 5)
        for person in range(people):
            first, second = (KanoAnswer(min(5, max(1, round(draw.gauss(mean, 1))))) for mean in (with_it, without))  # fmt: skip
            segments = {"plan": draw.choice(["team", "free", ""])}
            pairs.append(AnswerPair(f"feature {feature}", first, second, f"p{person}", segments))
    return pairs
