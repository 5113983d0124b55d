package measure

import "slices"

// Rule says what equals share.
type Rule string

// The rules.
const (
	Competition Rule = "competition" // equals share the best rank and the next ranks stay empty: 1 2 2 4
	Dense       Rule = "dense"       // equals share a rank and none stays empty: 1 2 2 3
	Ordinal     Rule = "ordinal"     // equals follow each other by a second rule: 1 2 3 4
)

// Rank gives n things ranks from 1. before is negative when i stands before j, 0 when they are equal; settle orders equals for
// Ordinal (nil keeps the input's order, which then shows in the result) and is not asked by the other rules.
func Rank(n int, rule Rule, before func(i, j int) int, settle func(i, j int) int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		c := before(a, b)
		if c == 0 && settle != nil {
			return settle(a, b)
		}
		return c
	})
	ranks, dense := make([]int, n), 0
	for place, i := range order {
		equal := place > 0 && before(order[place-1], i) == 0
		if !equal {
			dense++
		}
		switch {
		case rule == Dense:
			ranks[i] = dense
		case rule == Competition && equal:
			ranks[i] = ranks[order[place-1]]
		default:
			ranks[i] = place + 1
		}
	}
	return ranks
}

// Descending orders whole numbers from large to small, for Rank.
func Descending(values []int64) func(i, j int) int {
	return func(i, j int) int {
		switch {
		case values[i] > values[j]:
			return -1
		case values[i] < values[j]:
			return 1
		}
		return 0
	}
}

// Ties counts the groups of two or more equal values, and their members.
func Ties(values []int64) (groups, members int) {
	count := map[int64]int{}
	for _, v := range values {
		count[v]++
	}
	for _, n := range count {
		if n > 1 {
			groups++
			members += n
		}
	}
	return groups, members
}

// midRanks gives ranks from 1 in rising order; equals share the mean of their places, as Spearman's coefficient wants.
func midRanks(values []float64) []float64 {
	order := byValue(values)
	ranks := make([]float64, len(values))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && values[order[j]] == values[order[i]] {
			j++
		}
		for _, at := range order[i:j] {
			ranks[at] = float64(i+j+1) / 2
		}
		i = j
	}
	return ranks
}
