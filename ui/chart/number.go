package chart

import (
	"math"
	"strconv"
	"strings"

	"zhijian/ui/wording"
)

// Number says how values read.
type Number struct {
	// Decimals after the point; figures are rounded half away from 0.
	Decimals int
	// Unit follows the number as it is, with its own space: "%", " 个", " accounts". Axes leave it out unless it is "%".
	Unit string
	// Signed writes + before what is above 0.
	Signed bool
}

// Say writes a value in full: 126,408 个, +3, 34.5%; "—" for None.
func (n Number) Say(v float64) string {
	if math.IsNaN(v) {
		return "—"
	}
	s := plain(v, n.Decimals)
	if n.Signed && v > 0 {
		s = "+" + s
	}
	return s + n.Unit
}

// plain writes digits with thousands parted and a true minus.
func plain(v float64, decimals int) string {
	ten := math.Pow(10, float64(decimals))
	if a := math.Abs(v); a*ten < Limit {
		v = math.Round(v*ten) / ten // half away from 0, not half to even as the formatting does
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, rest, _ := strings.Cut(s, ".")
	var b strings.Builder
	if v < 0 {
		b.WriteString("−")
	}
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(whole[i])
	}
	if rest != "" {
		b.WriteString("." + rest)
	}
	return b.String()
}

// tickText writes the values of an axis: full digits below a million (100,000 in Chinese), then 万, 亿 or m, bn with as few decimals as
// the step needs.
func (n Number) tickText(lang string, v, step, top float64) string {
	by, key := 1.0, ""
	if lang == wording.English {
		switch {
		case top >= 1e9:
			by, key = 1e9, "chart.unit.large"
		case top >= 1e6:
			by, key = 1e6, "chart.unit.small"
		}
	} else {
		switch {
		case top >= 1e8:
			by, key = 1e8, "chart.unit.large"
		case top >= 1e5:
			by, key = 1e4, "chart.unit.small"
		}
	}
	decimals := 0
	for step > 0 && decimals < 6 {
		if s := step / by * math.Pow(10, float64(decimals)); math.Abs(s-math.Round(s)) < 1e-6*s {
			break
		}
		decimals++
	}
	s := plain(v/by, decimals)
	if n.Signed && v > 0 {
		s = "+" + s
	}
	if key != "" && v != 0 {
		s = wording.T(lang, key, s)
	}
	if n.Unit == "%" {
		s += "%"
	}
	return s
}
