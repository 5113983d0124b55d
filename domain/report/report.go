// Package report makes a white paper from the exhibits of an edition.
//
// Make is pure: the same exhibits give the same report, in the same order. Every sentence is chosen by a rule: a small function
// with a condition, which reads cells and says something in both languages only when the numbers carry it. A rule that misses a
// cell says nothing. Each sentence names the cells it rests on. An exhibit that no chapter shows stands in the appendix, so that
// none is left out.
package report

import (
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/public"
	"zhijian/ground/fault"
)

// Edition says what is reported.
type Edition struct {
	Name, Previous string
	Simulated      bool
	Accounts       int
	MethodVersion  string
	CodeVersion    string
	FactsSum       string
	ExhibitsSum    string
}

// Of says what is reported of an edition.
func Of(e public.Edition) Edition {
	return Edition{
		Name: e.Name, Previous: e.Previous, Simulated: e.Simulated, Accounts: e.Accounts, MethodVersion: e.MethodVersion,
		CodeVersion: e.CodeVersion, FactsSum: e.FactsSum, ExhibitsSum: e.ExhibitsSum,
	}
}

// Text is a sentence in both languages.
type Text = observatory.Text

// Cell names a cell of an exhibit.
type Cell struct{ Exhibit, Row, Column string }

// Sentence is what a rule said, and the cells it rests on.
type Sentence struct {
	Rule string
	Text Text
	On   []Cell
}

// Figure is an exhibit in its place.
type Figure struct {
	Number  string // "2-3"
	Exhibit *observatory.Exhibit
	Columns []string // the columns shown; empty shows those that fit
	Most    int      // rows shown; 0 shows all
}

// Section is a part of a chapter.
type Section struct {
	ID, Number string
	Title      Text
	Sentences  []Sentence
	Figures    []Figure
}

// Point is a number that a chapter sets large.
type Point struct{ Number, Text Text }

// Chapter is one of the five.
type Chapter struct {
	ID, Number string
	Title      Text
	Lead       []Sentence
	Points     []Point
	Sections   []Section
}

// Report is a whole white paper.
type Report struct {
	Edition  Edition
	Title    Text
	Summary  []Sentence
	Facts    []Point
	Overview []Figure // what the summary shows, at most one
	Chapters []Chapter
	Appendix []Section
	Errata   *observatory.Exhibit // nil when the edition has none
}

// Make writes the report of an edition. before are the exhibits of the edition before it, nil when there is none. fault.Invalid
// when there is no exhibit.
func Make(ed Edition, now, before []observatory.Exhibit) (*Report, error) {
	if len(now) == 0 {
		return nil, fault.Invalid("report.empty", "版次 %s 没有图表，请先计算", ed.Name)
	}
	b := &book{now: index(now), before: index(before)}
	r := &Report{Edition: ed, Title: Text{Zh: "政务民生公众号发展白皮书", En: "White paper on official accounts of government and public services"}}
	r.Summary = b.tell(summaryRules)
	r.Facts = b.points(coverPoints)
	placed := map[string]bool{"errata": true, "summary": true}
	if e := b.now["summary"]; e != nil {
		r.Overview = []Figure{{Number: "0-1", Exhibit: e, Columns: []string{"name", "value", "unit"}}}
	}
	for i, p := range plan {
		r.Chapters = append(r.Chapters, b.chapter(i+1, p, placed))
	}
	r.Appendix = b.appendix(now, placed)
	r.Errata = b.now["errata"]
	return r, nil
}

func index(list []observatory.Exhibit) map[string]*observatory.Exhibit {
	m := make(map[string]*observatory.Exhibit, len(list))
	for i := range list {
		m[list[i].ID] = &list[i]
	}
	return m
}
