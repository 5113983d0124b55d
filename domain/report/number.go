package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// whole writes a whole number with commas.
func whole(x float64) string {
	s := strconv.FormatFloat(math.Abs(math.Round(x)), 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if math.Round(x) < 0 {
		return "−" + s
	}
	return s
}

// decimal writes at most so many decimals.
func decimal(x float64, places int) string {
	s := strconv.FormatFloat(x, 'f', places, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return strings.Replace(s, "-", "−", 1)
}

func percent(x float64) string { return decimal(x, 1) + "%" }

// people writes a large number as each language counts: 2,576 万, 25.8 million.
func people(x float64) Text {
	switch {
	case x >= 1e8:
		return Text{Zh: decimal(x/1e8, 2) + " 亿", En: decimal(x/1e6, 1) + " million"}
	case x >= 1e6:
		return Text{Zh: whole(x/1e4) + " 万", En: decimal(x/1e6, 1) + " million"}
	}
	return same(whole(x))
}

func same(s string) Text { return Text{Zh: s, En: s} }

// say fills both sentences: values are Texts, or strings that read alike in both.
func say(zh, en string, values ...any) Text {
	z, e := make([]any, len(values)), make([]any, len(values))
	for i, v := range values {
		z[i], e[i] = v, v
		if t, ok := v.(Text); ok {
			z[i], e[i] = t.Zh, t.En
		}
	}
	return Text{Zh: tidy(fmt.Sprintf(zh, z...)), En: fmt.Sprintf(en, e...)}
}

// tidy drops the space that a name leaves between two Chinese characters or before a mark.
func tidy(s string) string {
	in := []rune(s)
	out := in[:0:0]
	for i, c := range in {
		if c == ' ' && i > 0 && i < len(in)-1 && wide(in[i-1]) && wide(in[i+1]) {
			continue
		}
		out = append(out, c)
	}
	return string(out)
}

func wide(c rune) bool { return c >= 0x2E80 }
