package chart

import (
	"fmt"
	"slices"
	"strings"
)

// role names how a shape or a text looks: a class in Page mode, attributes otherwise.
type role string

// The roles of text.
const (
	axisText  role = "t"
	valueText role = "vl"
	boldText  role = "lb"
	haloText  role = "hl" // bold, legible over dots
	quietHalo role = "hq" // plain, legible over dots
	onText    role = "on" // bold, on a dark fill
	onValue   role = "ov" // plain, on a dark fill
	bigText   role = "bt"
	bigOn     role = "bo"
	rankText  role = "rk"
	upText    role = "up"
	downText  role = "dn"
)

// The roles of shapes; c1–c6 fill categories, s1–s6 fill classes, l1–l6 draw lines, d1–d6 dots, h2–h6 the strokes of patterns.
const (
	ground     role = "bg"
	grid       role = "g"
	axisLine   role = "ax"
	refLine    role = "rf"
	headLine   role = "rl"
	rowLine    role = "rw"
	zeroLine   role = "z"
	quietLine  role = "lq"
	strongLine role = "lz"
	quietDot   role = "dq" // hollow
	quietBig   role = "dk" // filled
	strongDot  role = "dz"
	leader     role = "ld"
	underLine  role = "ul" // keeps a line legible over bars
	areaFill   role = "ar"
	quietFill  role = "cq"
	hatchFill  role = "hf"
	hatchLine  role = "hh"
	hatchEdge  role = "he"
	overLine   role = "ol" // strokes of a pattern over its colour
	overDot    role = "od"
	northMark  role = "nm"
)

// look is one role's properties, in order: a value that begins with "--" is a colour of tokens.css.
type look struct {
	name  role
	attrs [][2]string
}

// looks is the one list of how everything looks; chart.css is made from it.
var looks = makeLooks()

var lookOf = func() map[role]look {
	m := map[role]look{}
	for _, l := range looks {
		m[l.name] = l
	}
	return m
}()

var dashes = [...]string{"", "", "7 3", "2 3", "9 3 2 3", "5 2", "12 4"}

func makeLooks() []look {
	text := func(n role, fill, size, weight string) look {
		return look{n, [][2]string{{"fill", fill}, {"font-size", size}, {"font-weight", weight}}}
	}
	halo := func(l look) look {
		l.attrs = append(l.attrs, [2]string{"paint-order", "stroke"}, [2]string{"stroke", "--bg-surface"}, [2]string{"stroke-width", "3"},
			[2]string{"stroke-linejoin", "round"})
		return l
	}
	fill := func(n role, c string) look { return look{n, [][2]string{{"fill", c}}} }
	line := func(n role, c, width, dash string) look {
		l := look{n, [][2]string{{"fill", "none"}, {"stroke", c}, {"stroke-width", width}}}
		if dash != "" {
			l.attrs = append(l.attrs, [2]string{"stroke-dasharray", dash})
		}
		return l
	}
	both := func(n role, f, s, width string) look {
		return look{n, [][2]string{{"fill", f}, {"stroke", s}, {"stroke-width", width}}}
	}
	list := []look{
		text(axisText, "--viz-axis", "12", "400"), text(valueText, "--text-1", "12", "400"), text(boldText, "--text-1", "12", "600"),
		halo(text(haloText, "--text-1", "12", "600")), halo(text(quietHalo, "--viz-axis", "12", "400")),
		text(onText, "--bg-surface", "12", "600"), text(onValue, "--bg-surface", "12", "400"),
		text(bigText, "--text-1", "15", "600"), text(bigOn, "--bg-surface", "15", "600"),
		text(rankText, "--text-brand", "12", "600"), text(upText, "--text-brand", "12", "400"), text(downText, "--warn", "12", "400"),
		fill(ground, "--bg-surface"), line(grid, "--viz-grid", "1", ""), line(axisLine, "--viz-axis", "1", ""),
		line(refLine, "--viz-axis", "1", "3 4"), line(headLine, "--text-1", "1.5", ""),
		line(rowLine, "--line", "1", ""), line(zeroLine, "--text-1", "1", ""), line(quietLine, "--line-strong", "1.5", ""),
		line(strongLine, "--viz-cat-1", "2.5", ""), both(quietDot, "--bg-surface", "--line-strong", "1"),
		both(quietBig, "--line-strong", "--bg-surface", "1.5"), both(strongDot, "--viz-cat-1", "--bg-surface", "1.5"),
		line(leader, "--viz-axis", ".7", ""), fill(areaFill, "--viz-seq-1"), both(quietFill, "--viz-seq-1", "--viz-seq-4", "1"),
		fill(hatchFill, "--viz-na"), line(hatchLine, "--line-strong", "1", ""), line(hatchEdge, "--line-strong", "1", ""),
		line(overLine, "--bg-surface", "1.4", ""), line(underLine, "--bg-surface", "2.6", ""), fill(overDot, "--bg-surface"), fill(northMark, "--viz-axis"),
	}
	for i := 1; i <= 6; i++ {
		cat, seq := fmt.Sprintf("--viz-cat-%d", i), fmt.Sprintf("--viz-seq-%d", i)
		list = append(list, fill(numbered("c", i), cat), line(numbered("l", i), cat, "2", dashes[i]), both(numbered("d", i), cat, "--bg-surface", ".8"))
		if i < 4 { // paler than 3:1: the edge carries the shape
			list = append(list, both(numbered("s", i), seq, "--viz-seq-4", "1"))
		} else {
			list = append(list, fill(numbered("s", i), seq))
		}
	}
	return list
}

func numbered(letter string, i int) role { return role(fmt.Sprintf("%s%d", letter, i)) }

// Sheet gives the style sheet of Page mode; ui/css/chart.css is this text.
func Sheet() string {
	var b strings.Builder
	b.WriteString("/* Written by ui/chart from its list of roles (go test ./ui/chart -update); after tokens.css. */\n")
	b.WriteString(".ob-svg { width: 100%; height: auto; }\n.ob-svg text { font-family: var(--font-sans); }\n")
	for _, l := range looks {
		fmt.Fprintf(&b, ".ob-svg .%s {", l.name)
		for _, a := range l.attrs {
			unit := ""
			if a[0] == "font-size" {
				unit = "px"
			}
			fmt.Fprintf(&b, " %s: %s%s;", a[0], varOf(a[1]), unit)
		}
		b.WriteString(" }\n")
	}
	b.WriteString("@media (max-width: 639px) { .ob-svg--wide { display: none; } }\n@media (min-width: 640px) { .ob-svg--narrow { display: none; } }\n")
	b.WriteString(".ob-svg a:hover rect, .ob-svg a:focus rect { stroke: var(--text-1); stroke-width: 2; }\n")
	return b.String()
}

func varOf(v string) string {
	if strings.HasPrefix(v, "--") {
		return "var(" + v + ")"
	}
	return v
}

// written gives the attributes of a role in a mode, with a leading space.
func written(m Mode, r role) string {
	return writtenOut[m][r]
}

var writtenOut = func() map[Mode]map[role]string {
	all := map[Mode]map[role]string{Page: {}}
	for _, l := range looks {
		all[Page][l.name] = ` class="` + string(l.name) + `"`
	}
	for _, m := range []Mode{Light, Dark} {
		all[m] = map[role]string{}
		for _, l := range looks {
			var b strings.Builder
			for _, a := range l.attrs {
				v := a[1]
				if strings.HasPrefix(v, "--") {
					v = colour(m, v)
				}
				fmt.Fprintf(&b, ` %s="%s"`, a[0], v)
			}
			all[m][l.name] = b.String()
		}
	}
	return all
}()

// Tokens are the colours of tokens.css that drawings use: name, light, dark. A test compares them with the file.
var tokens = [][3]string{
	{"--bg-surface", "#FFFFFF", "#172226"},
	{"--text-1", "#16232B", "#E9EFEE"},
	{"--text-brand", "#0E5A6B", "#7CCBD4"},
	{"--warn", "#7A4A00", "#EBC26A"},
	{"--line", "#DCE3E1", "#29373C"},
	{"--line-strong", "#75858C", "#74868C"},
	{"--viz-seq-1", "#E2EFED", "#17343B"},
	{"--viz-seq-2", "#BBDAD9", "#1C4B55"},
	{"--viz-seq-3", "#86BEC4", "#256B78"},
	{"--viz-seq-4", "#4A97A4", "#3A93A1"},
	{"--viz-seq-5", "#19697B", "#74BFC8"},
	{"--viz-seq-6", "#07404F", "#BFE3E5"},
	{"--viz-na", "#E7EAE8", "#222D31"},
	{"--viz-cat-1", "#0E5A6B", "#5FB6C2"},
	{"--viz-cat-2", "#B87A00", "#E0AC45"},
	{"--viz-cat-3", "#A9432F", "#E0806B"},
	{"--viz-cat-4", "#5A86BD", "#8DB4E2"},
	{"--viz-cat-5", "#648F43", "#9BC47A"},
	{"--viz-cat-6", "#7D5A78", "#BD98B8"},
	{"--viz-grid", "#E1E7E5", "#26343A"},
	{"--viz-axis", "#56656E", "#9BAAAE"},
}

func colour(m Mode, token string) string {
	i := slices.IndexFunc(tokens, func(t [3]string) bool { return t[0] == token })
	return tokens[i][m] // a role with an unknown colour fails at start, in every test
}

// fonts is the stack of the pages: what a system has for Chinese; nothing is fetched.
const fonts = "'PingFang SC','HarmonyOS Sans SC','MiSans','Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei',system-ui,sans-serif"
