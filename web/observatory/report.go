package observatory

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"zhijian/domain/observatory"
	"zhijian/domain/report"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/layout"
	reportpage "zhijian/ui/report"
)

// reportPath is where the white paper begins, below /observatory.
const reportPath = "report"

// mostInText is how many rows of a table stand in the running text; the exhibit's page has the others.
const mostInText = 8

// reportPage is one part of the white paper: a chapter, an appendix, or one of its lists.
type reportPage struct {
	kicker, title string
	editions      []component.Anchor
	lead          templ.Component // nil when the part has none
	lines         []string        // sentences that stand as a list
	sections      []reportSection
	doubts        []reportDoubt
	doubtsHead    string
	contents      []reportEntry
	book          string
	pdf           link
	// The margin.
	points            []key
	pointsHead        string
	notes             []reportpage.Note
	notesHead, about  string
	cite, citeHead    string
	facts             []key
	previous, next    link
	previously, later string
}

// reportEntry is one line of the contents; sections are those of the part that is shown.
type reportEntry struct {
	number   string
	link     link
	on       bool
	sections []reportEntry
}

type reportSection struct {
	id, number, title string
	text              templ.Component // nil when nothing is said
	figures           []reportFigure
}

// reportFigure is an exhibit in its place: a drawing that tells its numbers, one with its numbers folded away, or a table.
type reportFigure struct {
	panel
	number, question, fold string
	top                    bool // stands under the page's title and no other
}

type reportDoubt struct {
	where       link
	check, text string
}

// reading is the white paper of the page's edition, made from what the public may see of it: a sentence that would need a number
// that is not published is not said.
func (s *sight) reading() (*reportpage.Reading, error) {
	var before []observatory.Exhibit
	if s.edition.Previous != "" {
		list, err := s.p.c.Editions.Exhibits(s.r.Context(), s.edition.Previous)
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return nil, err
		}
		before = list
	}
	r, err := report.Make(report.Of(s.edition), s.list, before)
	if err != nil {
		return nil, err
	}
	return reportpage.Read(r, s.lang), nil
}

// report is one part of the white paper, the summary where none is named.
func (p *Pages) report(s *sight) (string, templ.Component, error) {
	r, err := s.reading()
	if err != nil {
		return "", nil, err
	}
	id := s.r.PathValue("part")
	page := reportPage{book: r.Say(r.Title), pointsHead: s.t("ob.report.points"), notesHead: r.Word("notes"), about: r.Word("notes.about")}
	page.editions = s.editions(strings.TrimSuffix(reportPath+"/"+id, "/"))
	page.contents = s.contents(r, id)
	at := -1
	for i, e := range page.contents {
		if e.on {
			at = i
		}
	}
	if at < 0 {
		return "", nil, fault.NotFound("report.part", "白皮书没有这一章")
	}
	here := page.contents[at]
	page.title, page.kicker = here.link.text, s.t("ob.report.kicker", s.editionName())
	if here.number != "" {
		page.kicker = s.t("ob.report.kicker.n", s.editionName(), here.link.note)
	}
	if err := s.fill(&page, r, id); err != nil {
		return "", nil, err
	}
	page.citeHead = s.t("ob.report.cite.head")
	page.cite = s.t("ob.report.cite", page.book, s.editionName(), page.title, layout.Link(s.lang, s.lasting(strings.TrimSuffix(reportPath+"/"+id, "/"))))
	if at > 0 {
		page.previous, page.previously = page.contents[at-1].link, s.t("ob.report.previous")
	}
	if at+1 < len(page.contents) {
		page.next, page.later = page.contents[at+1].link, s.t("ob.report.next")
	}
	page.pdf, err = s.pdf()
	return page.title + s.t("ob.in", page.book), reportView(page), err
}

// contents are the parts of the report in order; the one with this id is on.
func (s *sight) contents(r *reportpage.Reading, id string) (list []reportEntry) {
	add := func(part, number, title, note string, sections ...report.Section) {
		e := reportEntry{number: number, on: part == id, link: link{text: title, note: note, href: s.to(strings.TrimSuffix(reportPath+"/"+part, "/"))}}
		for _, x := range sections {
			if e.on {
				e.sections = append(e.sections, reportEntry{number: x.Number, link: link{text: r.Say(x.Title), href: "#" + x.ID}})
			}
		}
		list = append(list, e)
	}
	add("", "", r.Word("summary"), "")
	for _, c := range r.Chapters {
		add(c.ID, c.Number, r.Say(c.Title), r.Word("chapter", c.Number), c.Sections...)
	}
	add("errata", "", r.Word("errata"), "")
	add("method", "", r.Word("method"), "")
	for _, a := range r.Appendix {
		n := r.Word("appendix.n", a.Number)
		add("appendix-"+a.Number, n, r.Say(a.Title), n)
	}
	return list
}

// fill puts the part's own text on the page.
func (s *sight) fill(page *reportPage, r *reportpage.Reading, id string) (err error) {
	switch id {
	case "":
		page.lines = s.said(r, r.Summary)
		page.points = s.points(r, r.Facts)
		page.sections, err = s.sections(r, nil, report.Section{Figures: r.Overview})
		return err
	case "errata":
		page.lines = []string{r.Word("errata.about")}
		for _, d := range r.Doubts() {
			page.doubts = append(page.doubts, reportDoubt{link{d.Where, s.to("exhibits/" + d.Exhibit), ""}, d.Check + " " + d.Level, d.Text})
		}
		page.doubtsHead = r.Word("errata.table", len(page.doubts))
		return nil
	case "method":
		page.lines = append(r.Method(), s.t("ob.report.command", s.edition.Name))
		for _, f := range r.Made() {
			page.facts = append(page.facts, key{label: f[0], value: f[1]})
		}
		return nil
	}
	if c, ok := r.Chapter(id); ok {
		page.points, page.notes = s.points(r, c.Points), c.Notes
		if len(c.Lead) > 0 {
			page.lead = c.Sentences(c.Lead...)
		}
		page.sections, err = s.sections(r, &c, c.Sections...)
		return err
	}
	for _, a := range r.Appendix {
		if "appendix-"+a.Number == id {
			a.Title, a.Number = report.Text{}, ""
			page.sections, err = s.sections(r, nil, a)
		}
	}
	return err
}

func (s *sight) said(r *reportpage.Reading, list []report.Sentence) (lines []string) {
	for _, x := range list {
		lines = append(lines, r.Say(x.Text))
	}
	return lines
}

func (s *sight) points(r *reportpage.Reading, list []report.Point) (keys []key) {
	for _, x := range list {
		keys = append(keys, key{label: r.Say(x.Text), value: r.Say(x.Number)})
	}
	return keys
}

// sections sets sections with their figures; c is the chapter that their sentences are of, nil when they say nothing.
func (s *sight) sections(r *reportpage.Reading, c *reportpage.Chapter, list ...report.Section) (out []reportSection, err error) {
	for _, x := range list {
		one := reportSection{id: x.ID, number: x.Number, title: r.Say(x.Title)}
		if c != nil && len(x.Sentences) > 0 {
			one.text = c.Sentences(x.Sentences...)
		}
		for _, f := range x.Figures {
			g, err := s.inText(r, f, c == nil)
			if err != nil {
				return nil, err
			}
			g.top = one.title == ""
			one.figures = append(one.figures, g)
		}
		out = append(out, one)
	}
	return out, nil
}

// inText is an exhibit within the text. An appendix shows the table as long as the report has it, and no drawing.
func (s *sight) inText(r *reportpage.Reading, f report.Figure, appendix bool) (g reportFigure, err error) {
	g = reportFigure{panel: s.panel(f.Exhibit, "", ""), number: r.Word("figure", f.Number), question: s.say(f.Exhibit.Question)}
	most, bar := mostInText, firstCount(f.Exhibit)
	if appendix {
		most = f.Most
	} else if drawn, rows := r.Drawn(f.Exhibit); rows > 0 {
		if g.picture, err = s.picture(&drawn); err != nil {
			return g, err
		}
		if len(g.picture.drawings) > 0 && tells(f.Exhibit) {
			return g, nil
		}
		if len(g.picture.drawings) > 0 {
			g.fold, bar = s.t("ob.report.numbers"), ""
		}
	}
	t := s.table(f.Exhibit, r.Columns(f), bar, most, "")
	g.table = &t
	return g, nil
}

// tells reports whether a drawing writes the number of each row beside it, so that a table would say it twice.
func tells(x *observatory.Exhibit) bool {
	switch x.Chart.Kind {
	case observatory.Bars, observatory.Diverging, observatory.Shares, observatory.Grouped:
		return true
	}
	return false
}

// firstCount is the column of an exhibit that bars stand beside: its first count; "" when it has none.
func firstCount(x *observatory.Exhibit) string {
	for _, c := range x.Columns {
		if c.Kind == observatory.Count {
			return c.ID
		}
	}
	return ""
}

// pdf leads to the printed report; the zero value when none was published.
func (s *sight) pdf() (link, error) {
	file, size, err := s.p.c.Editions.Printed(s.r.Context(), s.edition.Name)
	if fault.Is(err, fault.KindNotFound) {
		return link{}, nil
	}
	if err != nil {
		return link{}, err
	}
	mega := fixed(float64(size)/1e6, 1)
	return link{text: s.t("ob.report.pdf", mega), href: "/observatory/report.pdf?edition=" + url.QueryEscape(s.edition.Name)}, file.Close()
}

// printed hands the printed report out.
func (p *Pages) printed(w http.ResponseWriter, r *door.Request) error {
	s, err := p.look(r)
	if err != nil {
		return err
	}
	file, size, err := p.c.Editions.Printed(r.Context(), s.edition.Name)
	if err != nil {
		return err
	}
	defer file.Close()
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": s.edition.File("whitepaper", "pdf")}))
	h.Set("Cache-Control", "public, max-age=60")
	_, _ = io.Copy(w, file) // a browser that hangs up is no fault of ours
	return nil
}
