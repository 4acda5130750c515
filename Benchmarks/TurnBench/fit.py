#!/usr/bin/env python3
"""Fits the numbers of TurnFusion.swift (needs numpy).

    turn-bench features --output features.tsv && Benchmarks/TurnBench/fit.py features.tsv

Logistic regression with a ridge of 3 on standardized features, on the tuning half alone. A held pause counts after so much
silence as often as pauses are still going on then (PauseLengths.swift), so that silence itself tells of the end.
"""

import sys

import numpy as np

RIDGE = 3.0
FIRST_FEATURE = 7
# Share of held pauses longer than so many ms: PauseLengths.swift.
LENGTHS = np.array([[200, 1], [300, 0.556], [600, 0.217], [1000, 0.10], [1600, 0.05], [5000, 1e-6]])


def still_going_on(silence_ms: np.ndarray) -> np.ndarray:
    return np.exp(np.interp(np.log(silence_ms), np.log(LENGTHS[:, 0]), np.log(LENGTHS[:, 1])))


def fit(features: np.ndarray, is_end: np.ndarray, weight: np.ndarray) -> tuple[float, np.ndarray]:
    """Newton's method; the intercept and the weights for features as they are."""
    mean, deviation = np.average(features, axis=0, weights=weight), features.std(axis=0) + 1e-9
    design = np.c_[np.ones(len(features)), (features - mean) / deviation]
    ridge = RIDGE * np.eye(design.shape[1])
    ridge[0, 0] = 0
    found = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ found))
        curvature = (design * (weight * p * (1 - p))[:, None]).T @ design + ridge
        found -= np.linalg.solve(curvature, design.T @ (weight * (p - is_end)) + ridge @ found)
    weights = found[1:] / deviation
    return found[0] - weights @ mean, weights


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        header, *rows = [line.rstrip("\n").split("\t") for line in file]
    rows = [row for row in rows if row[0] == "tuning"]
    features = np.array([[float(value) for value in row[FIRST_FEATURE:]] for row in rows])
    is_end = np.array([row[3] == "end" for row in rows], float)
    weight = np.where(is_end, 1, still_going_on(np.array([float(row[4]) for row in rows])))
    intercept, weights = fit(features, is_end, weight)
    print(f"intercept = {intercept:.3f}")
    for name, value, middle in zip(header[FIRST_FEATURE:], weights, np.average(features, axis=0, weights=weight)):
        print(f"{name:12} {value:7.3f}   middle {middle:6.3f}")


if __name__ == "__main__":
    main()
