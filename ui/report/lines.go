package report

import (
	"fmt"
	"html"
	"strings"

	"github.com/a-h/templ"

	"zhijian/domain/observatory"
	"zhijian/domain/report"
	"zhijian/ui/wording"
)

// short is how many rows a table has that stays on one page.
const short = 14

// begin is enough of a sum to tell editions apart.
func begin(sum string) string { return sum[:min(16, len(sum))] }

// chapterOf is the chapter of a section's id: "provinces-2" is in "provinces".
func chapterOf(section string) string {
	chapter, _, _ := strings.Cut(section, "-")
	return chapter
}

// language marks words of the other language.
func language(c cell) templ.Attributes {
	if c.chinese {
		return templ.Attributes{"lang": "zh-CN"}
	}
	return nil
}

// tall reports whether a drawing is higher than wide.
func tall(e *observatory.Exhibit) bool {
	switch e.Chart.Kind {
	case observatory.Tiles, observatory.Diverging, observatory.Slopes:
		return true
	}
	return rowByRow(e) && len(e.Rows) > 12
}

// doubts are the lines of the errata page.
func (p *part) doubts() (list [][4]string) {
	e := p.Errata
	at := map[string]int{}
	for _, id := range []string{"exhibit", "warning", "level", p.lang} {
		i := e.Column(id)
		if i < 0 {
			return nil
		}
		at[id] = i
	}
	for _, r := range e.Rows {
		where := r[at["exhibit"]].String()
		if n := p.number[where]; n != "" {
			where = p.word("figure", n)
		}
		list = append(list, [4]string{where, r[at["warning"]].String(), p.word("level." + strings.ToLower(r[at["level"]].String())), r[at[p.lang]].String()})
	}
	return list
}

// method says how the report came about.
func (p *part) method() (list []string) {
	for _, key := range []string{"sentences", "ranks", "users", "maps"} {
		list = append(list, p.word("method."+key))
	}
	if p.Edition.Simulated {
		list = append(list, p.word("method.simulated"))
	}
	return append(list, p.word("method.verify", p.Edition.Name))
}

// facts are what an edition is made of.
func (p *part) facts() (list [][2]string) {
	ed := p.Edition
	for _, x := range [][2]string{
		{"method.edition", ed.Name},
		{"method.previous", ed.Previous},
		{"method.accounts", fixed(float64(ed.Accounts), 0)},
		{"method.version", ed.MethodVersion},
		{"method.code", ed.CodeVersion},
		{"method.facts", ed.FactsSum},
		{"method.exhibits", ed.ExhibitsSum},
	} {
		if x[1] != "" {
			list = append(list, [2]string{p.word(x[0]), x[1]})
		}
	}
	return list
}

// sentences are written one after another, each with the number of its note; only English sets a space between them.
func (p *part) sentences(chapter string, list ...report.Sentence) string {
	var b strings.Builder
	for i, s := range list {
		if i > 0 && p.lang == wording.English {
			b.WriteByte(' ')
		}
		b.WriteString(html.EscapeString(p.say(s.Text)))
		if n := p.notes[s.Rule]; n > 0 {
			fmt.Fprintf(&b, `<sup><a href="#%s" aria-label="%s">%d</a></sup>`, p.id(fmt.Sprintf("note-%s-%d", chapter, n)), p.word("note", n), n)
		}
	}
	return b.String()
}
