package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// row is one line of the table.
type row struct {
	what    string
	ours    string
	theirs  string  // what it is measured against; empty for none
	ratio   float64 // 0 for none
	goal    string
	verdict string // "pass", "MISS" or "" for what is only reported
}

func (r row) missed() bool { return r.verdict == miss }

const (
	pass = "pass"
	miss = "MISS"
)

type table struct{ rows []row }

// ratio adds a comparison; more is better. The figures are medians, and so is the ratio: of the pairs
// measured one right after the other, which a machine that others slow down for a while disturbs least.
// goal 0 only reports.
func (t *table) ratio(what, unit string, ours, theirs []float64, goal float64) {
	r := row{what: what, ours: figure(median(ours), unit), theirs: figure(median(theirs), unit), ratio: median(pairwise(ours, theirs))}
	if goal > 0 {
		r.goal, r.verdict = fmt.Sprintf("≥ %.2f×", goal), verdict(r.ratio >= goal)
	}
	t.rows = append(t.rows, r)
}

// share is ratio for what should be small: time or memory. most 0 only reports.
func (t *table) share(what, unit string, ours, theirs []float64, most float64) {
	t.ratio(what, unit, ours, theirs, 0)
	if r := &t.rows[len(t.rows)-1]; most > 0 {
		r.goal, r.verdict = fmt.Sprintf("≤ %.2f×", most), verdict(r.ratio <= most)
	}
}

// least adds a figure that must not be smaller than min.
func (t *table) least(what, unit string, value, min float64) {
	t.rows = append(t.rows, row{what: what, ours: figure(value, unit), goal: "≥ " + figure(min, unit), verdict: verdict(value >= min)})
}

// limit adds a figure that must not be larger than most. Absolute times are told, not judged, in CI.
func (t *table) limit(what, unit string, value, most float64) {
	t.rows = append(t.rows, row{what: what, ours: figure(value, unit), goal: "≤ " + figure(most, unit), verdict: verdict(value <= most)})
}

// report adds a figure without a goal.
func (t *table) report(what, unit string, value float64) {
	t.rows = append(t.rows, row{what: what, ours: figure(value, unit)})
}

func verdict(ok bool) string {
	if ok {
		return pass
	}
	return miss
}

func (t *table) missed() int {
	n := 0
	for _, r := range t.rows {
		if r.missed() {
			n++
		}
	}
	return n
}

// print writes the table in Markdown, so that it can go into docs/performance.md as it is.
func (t *table) print(w io.Writer) {
	cells := [][]string{{"what", "ours", "against", "ratio", "goal", ""}}
	for _, r := range t.rows {
		ratio := ""
		if r.ratio > 0 {
			ratio = fmt.Sprintf("%.2f×", r.ratio)
		}
		cells = append(cells, []string{r.what, r.ours, r.theirs, ratio, r.goal, r.verdict})
	}
	wide := make([]int, len(cells[0]))
	for _, line := range cells {
		for i, c := range line {
			wide[i] = max(wide[i], len([]rune(c)))
		}
	}
	for n, line := range cells {
		fmt.Fprint(w, "|")
		for i, c := range line {
			fmt.Fprintf(w, " %s%s |", c, strings.Repeat(" ", wide[i]-len([]rune(c))))
		}
		fmt.Fprintln(w)
		if n == 0 {
			fmt.Fprint(w, "|")
			for _, n := range wide {
				fmt.Fprint(w, strings.Repeat("-", n+2)+"|")
			}
			fmt.Fprintln(w)
		}
	}
}

// figure writes a number with as many digits as it deserves.
func figure(v float64, unit string) string {
	digits := 0
	switch {
	case v < 10:
		digits = 2
	case v < 100:
		digits = 1
	}
	return fmt.Sprintf("%.*f %s", digits, v, unit)
}

func pairwise(a, b []float64) []float64 {
	var out []float64
	for i := range min(len(a), len(b)) {
		out = append(out, a[i]/b[i])
	}
	return out
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

// quantile of a list, q from 0 to 1.
func quantile(list []time.Duration, q float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

func mean(list []time.Duration) time.Duration {
	var sum time.Duration
	for _, d := range list {
		sum += d
	}
	return sum / time.Duration(max(1, len(list)))
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// machine says what was measured on, and how busy it was.
func machine() string {
	model, load := "unknown processor", "?"
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.SplitSeq(string(b), "\n") {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		load = strings.Join(strings.Fields(string(b))[:3], " ")
	}
	return fmt.Sprintf("%s, %d × %s, %s, load average %s", time.Now().Format(time.DateOnly), runtime.NumCPU(), model, runtime.Version(), load)
}
