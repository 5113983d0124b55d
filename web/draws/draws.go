// Package draws is where anybody follows a draw (摇号): what was announced, what the house bound itself to before the seed was known, and what
// came of it, with everything that is needed to draw again.
//
// The pages name nobody: an entry is a number and a line that only its person can open. They need neither account nor script.
package draws

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"zhijian/domain/draw"
	"zhijian/domain/draw/record"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

//go:embed zh.yaml en.yaml
var sentences embed.FS

// Words are the sentences of the pages, for words.Open.
func Words() fs.FS { return sentences }

// Book has the draws; draw.Desk does.
type Book interface {
	In(ctx context.Context, city string) ([]draw.Draw, error)
	Draw(ctx context.Context, no string) (draw.Draw, error)
	Record(ctx context.Context, no string) (record.Record, []byte, error)
	Of(ctx context.Context, one draw.Draw, person seal.Text) (draw.Entry, bool, error)
}

// Config is what the pages need. Every field is required.
type Config struct {
	Frame *frame.Frame
	Book  Book
	// Origin is how people reach the house, for the command that draws again.
	Origin string
}

// Draws draws the pages.
type Draws struct {
	c Config
	f *frame.Frame
}

// New checks the configuration.
func New(c Config) (*Draws, error) {
	if c.Frame == nil || c.Book == nil || c.Origin == "" {
		return nil, errors.New("draws: Frame, Book or Origin is missing")
	}
	return &Draws{c: c, f: c.Frame}, nil
}

// Routes are the pages.
func (d *Draws) Routes() []door.Route {
	limit := door.Limit{Class: door.Searching}
	return []door.Route{
		{Method: http.MethodGet, Path: "/draws", About: "the draws of a city, or of all", Access: door.Public, Handler: d.list},
		{Method: http.MethodGet, Path: "/draws/{draw}", About: "a draw: terms, commitments, results", Access: door.Public, Handler: d.show},
		{Method: http.MethodGet, Path: "/draws/{draw}/record.json", About: "the record of a draw, to draw again", Access: door.Public, Limit: limit, Handler: d.file},
		{Method: http.MethodGet, Path: "/draws/{draw}/list.csv", About: "the list of a draw as a table", Access: door.Public, Limit: limit, Handler: d.table},
	}
}

func path(no string) string { return "/draws/" + no }

func in(r *door.Request, t record.Text) string {
	if r.Lang == "en" {
		return t.En
	}
	return t.Zh
}

// tones of the phases; the others are plain.
var tones = map[draw.Phase]component.Tone{draw.Open: component.OK, draw.Overdue: component.Warn, draw.Over: component.OK, draw.Off: component.Danger}

// listPage lists draws.
type listPage struct {
	nav   component.Nav
	title string
	lead  string
	list  component.List
	empty component.Empty
}

func (d *Draws) list(w http.ResponseWriter, r *door.Request) error {
	code := ""
	city, ok := d.f.City(r)
	if ok {
		code = city.Code
	}
	list, err := d.c.Book.In(r.Context(), code)
	if err != nil {
		return err
	}
	q := listPage{nav: d.nav(r, d.back(r)), title: d.f.T(r, "draws.title"), lead: d.f.T(r, "draws.lead"), empty: component.Empty{Title: d.f.T(r, "draws.none")}}
	now := d.f.Clock().Now()
	for _, one := range list {
		phase := one.Phase(now)
		q.list.Items = append(q.list.Items, component.Item{
			Title: in(r, one.Terms.Title), Href: path(one.No), Lines: []string{one.Terms.By, d.f.T(r, "draws.moment") + " " + say.FullMoment(r.Lang, one.Moment())},
			Tags: []component.Tag{{Text: d.f.T(r, "draws.phase."+string(phase)), Tone: tones[phase]}},
		})
	}
	p := d.f.Page(r, q.title)
	return d.f.Render(w, r, http.StatusOK, p, listView(q))
}

func (d *Draws) back(r *door.Request) string {
	if home := d.f.Home(r); home != "" {
		return home
	}
	return "/"
}

func (d *Draws) nav(r *door.Request, back string) component.Nav {
	return component.Nav{Title: d.f.T(r, "draws.title"), Back: back}
}

// page shows one draw.
type page struct {
	nav     component.Nav
	errors  component.ErrorSummary
	title   string
	lead    string
	action  string
	state   component.Note
	mine    component.List // the way to the reader's own entry, where one is known
	terms   component.SummaryList
	search  bool
	entry   component.Input
	find    component.Button
	found   component.SummaryList
	winners component.List
	rest    string
	heads   map[string]string // headings of the sections
	hashes  component.SummaryList
	seeds   component.SummaryList
	files   component.List
	how     component.Details
}

func (d *Draws) show(w http.ResponseWriter, r *door.Request) error {
	one, err := d.c.Book.Draw(r.Context(), r.PathValue("draw"))
	if err != nil {
		return err
	}
	now := d.f.Clock().Now()
	phase := one.Phase(now)
	q := page{
		nav: d.nav(r, "/draws"), title: in(r, one.Terms.Title), lead: in(r, one.Terms.About), action: path(one.No),
		state: component.Note{Tone: tones[phase], Title: d.f.T(r, "draws.phase."+string(phase)), Text: d.phaseText(r, one, phase)}, terms: d.terms(r, one),
		hashes: d.hashes(r, one), heads: map[string]string{},
		how: component.Details{Summary: d.f.T(r, "draws.how"), Text: d.f.T(r, "draws.how.text")},
	}
	for _, key := range []string{"terms", "hashes", "seeds", "files", "results", "winners", "command"} {
		q.heads[key] = d.f.T(r, "draws.head."+key)
	}
	q.heads["verify"] = "zhijian draw verify " + d.c.Origin + path(one.No) + "/record.json"
	q.files = component.List{Items: []component.Item{{Title: d.f.T(r, "draws.file.json"), Lines: []string{d.f.T(r, "draws.file.json.text")}, Href: path(one.No) + "/record.json", Icon: "download"}}}
	if !one.Course.Listed.IsZero() {
		q.files.Items = append(q.files.Items, component.Item{Title: d.f.T(r, "draws.file.csv"), Lines: []string{d.f.T(r, "draws.file.csv.text")}, Href: path(one.No) + "/list.csv", Icon: "download"})
	}
	if phase == draw.Open {
		if err := d.mine(r, one, &q); err != nil {
			return err
		}
	}
	p, status := d.f.Page(r, q.title), http.StatusOK
	if !one.Course.Listed.IsZero() {
		if status, err = d.results(r, one, &q); err != nil {
			return err
		}
	}
	p.Failed = status == http.StatusUnprocessableEntity
	return d.f.Render(w, r, status, p, view(q))
}

// mine leads whoever entered to their case, where they can leave the draw while it takes entries. Only the reader's own name is known here: an
// entry for a child is found under the reader's cases.
func (d *Draws) mine(r *door.Request, one draw.Draw, q *page) error {
	if !r.SignedIn() || r.Resident.CitizenNumber.IsZero() {
		return nil
	}
	e, has, err := d.c.Book.Of(r.Context(), one, r.Resident.CitizenNumber)
	if err != nil || !has {
		return err
	}
	no, _, _ := strings.Cut(e.Key, "/") // the act of a case begins with its number
	q.mine.Items = []component.Item{{
		Title: d.f.T(r, "draws.mine"), Lines: []string{d.f.T(r, "draws.mine.text", one.Code(e.Number))}, Href: "/cases/" + no, Icon: "file-text",
	}}
	return nil
}

// phaseText says what a phase means for whoever reads it.
func (d *Draws) phaseText(r *door.Request, one draw.Draw, phase draw.Phase) string {
	key := "draws.text." + string(phase)
	switch phase {
	case draw.Soon:
		return d.f.T(r, key, say.FullMoment(r.Lang, one.Opens()))
	case draw.Open:
		return d.f.T(r, key, say.FullMoment(r.Lang, one.Closes()))
	case draw.Closed:
		return d.f.T(r, key, say.FullMoment(r.Lang, one.Moment()))
	case draw.Over:
		return d.f.T(r, key, say.Digits(int64(one.Course.Entries)), say.Digits(int64(one.Course.Winners)), rate(one))
	case draw.Off:
		return d.f.T(r, key, one.Course.Reason)
	}
	return d.f.T(r, key)
}

func rate(one draw.Draw) string {
	if one.Course.Entries == 0 {
		return "0%"
	}
	return say.Percent(float64(one.Course.Winners) / float64(one.Course.Entries))
}

// terms are what was announced.
func (d *Draws) terms(r *door.Request, one draw.Draw) component.SummaryList {
	t, l := one.Terms, component.SummaryList{}
	row := func(key, value string) {
		l.Rows = append(l.Rows, component.Row{Key: d.f.T(r, "draws."+key), Value: value})
	}
	row("by", t.By)
	row("period", t.Period)
	row("opens", say.FullMoment(r.Lang, one.Opens()))
	row("closes", say.FullMoment(r.Lang, one.Closes()))
	row("moment", say.FullMoment(r.Lang, one.Moment()))
	for _, p := range t.Places {
		l.Rows = append(l.Rows, component.Row{Key: in(r, p.Name), Value: d.f.T(r, "draws.places", say.Digits(int64(p.Count)))})
	}
	if len(t.Places) > 1 {
		row("choices", strconv.Itoa(t.Choices))
	}
	entries := one.Course.Entries
	if one.Course.Listed.IsZero() {
		entries = one.Last
	}
	row("entries", say.Digits(int64(entries)))
	l.Rows = append(l.Rows, component.Row{Key: d.f.T(r, "draws.source"), Value: in(r, t.Source), Note: d.f.T(r, "draws.example", t.Example)})
	return l
}

// hashes are what the house bound itself to, in the order in which it did.
func (d *Draws) hashes(r *door.Request, one draw.Draw) component.SummaryList {
	c, l := one.Course, component.SummaryList{}
	row := func(key, value, note string) {
		l.Rows = append(l.Rows, component.Row{Key: d.f.T(r, "draws."+key), Body: code(value), Note: note})
	}
	row("terms_hash", one.Terms.Hash(one.No), say.FullMoment(r.Lang, one.Created))
	if !c.Listed.IsZero() {
		row("list_hash", c.ListHash, say.FullMoment(r.Lang, c.Listed))
		row("house_hash", c.HouseHash, say.FullMoment(r.Lang, c.Listed))
	}
	return l
}

// mostWinners is how many winners a page lists; the table has all.
const mostWinners = 60

// results are the list and what came of it, and the answer to who looked for an entry.
func (d *Draws) results(r *door.Request, one draw.Draw, q *page) (status int, err error) {
	rec, _, err := d.c.Book.Record(r.Context(), one.No)
	if err != nil {
		return 0, err
	}
	q.search = true
	asked := strings.TrimSpace(r.Query("entry"))
	if n := []rune(asked); len(n) > 20 {
		asked = string(n[:20])
	}
	q.entry = component.Input{Name: "entry", Label: d.f.T(r, "draws.entry"), Hint: d.f.T(r, "draws.entry.hint"), Kind: component.KindNumeric, Value: asked, Max: 20}
	q.find = component.Button{Text: d.f.T(r, "draws.find"), Block: true, Tone: component.Line}
	if s := rec.Seed; s != nil {
		q.seeds.Rows = []component.Row{
			{Key: d.f.T(r, "draws.public"), Body: code(s.Public), Note: say.FullMoment(r.Lang, one.Course.Seeded)},
			{Key: d.f.T(r, "draws.house"), Body: code(s.House)},
			{Key: d.f.T(r, "draws.final"), Body: code(s.Final)},
		}
	}
	if rec.Results != nil {
		d.winners(r, one, rec, q)
	}
	if asked == "" {
		return http.StatusOK, nil
	}
	number, err := strconv.Atoi(strings.TrimPrefix(asked, one.Terms.Period))
	if len(asked) != 13 {
		number, err = strconv.Atoi(asked)
	}
	e, ok := rec.Entry(number)
	if err != nil || !ok {
		q.entry.Error = d.f.T(r, "draws.unknown")
		q.errors.Problems = []component.Problem{{ID: "entry", Text: q.entry.Error}}
		return http.StatusUnprocessableEntity, nil
	}
	q.found.Rows = []component.Row{{Key: d.f.T(r, "draws.entry"), Value: one.Code(e.Number)}, {Key: d.f.T(r, "draws.line"), Body: code(e.Blind)}}
	if len(one.Terms.Places) > 1 {
		q.found.Rows = append(q.found.Rows, component.Row{Key: d.f.T(r, "draws.chosen"), Value: d.names(r, one, e.Choices)})
	}
	if x, turn := rec.Result(e.Number); turn > 0 {
		q.found.Rows = append(q.found.Rows, component.Row{Key: d.f.T(r, "draws.turn"), Value: strconv.Itoa(turn)}, component.Row{Key: d.f.T(r, "draws.result"), Value: d.outcome(r, one, x), Strong: true})
	}
	return http.StatusOK, nil
}

func (d *Draws) names(r *door.Request, one draw.Draw, codes []string) string {
	var list []string
	for _, c := range codes {
		p, _ := one.Place(c)
		list = append(list, in(r, p.Name))
	}
	return strings.Join(list, d.f.T(r, "draws.then"))
}

func (d *Draws) outcome(r *door.Request, one draw.Draw, x record.Result) string {
	if x.Place == "" {
		return d.f.T(r, "draws.lost")
	}
	p, _ := one.Place(x.Place)
	return d.f.T(r, "draws.won", in(r, p.Name))
}

func (d *Draws) winners(r *door.Request, one draw.Draw, rec record.Record, q *page) {
	for i, x := range rec.Results.Order {
		if x.Place == "" {
			continue
		}
		if len(q.winners.Items) == mostWinners {
			q.rest = d.f.T(r, "draws.rest", say.Digits(int64(one.Course.Winners-mostWinners)))
			return
		}
		p, _ := one.Place(x.Place)
		q.winners.Items = append(q.winners.Items, component.Item{Title: one.Code(x.Number), Beside: in(r, p.Name), Lines: []string{d.f.T(r, "draws.at", i+1)}})
	}
}

// file gives the record.
func (d *Draws) file(w http.ResponseWriter, r *door.Request) error {
	_, b, err := d.c.Book.Record(r.Context(), r.PathValue("draw"))
	if err != nil {
		return err
	}
	return send(w, b, "application/json", "draw-"+r.PathValue("draw")+".json")
}

// table gives the list for a table program; before there is one, there is no such file.
func (d *Draws) table(w http.ResponseWriter, r *door.Request) error {
	rec, _, err := d.c.Book.Record(r.Context(), r.PathValue("draw"))
	if err != nil {
		return err
	}
	if rec.List == nil {
		return fault.NotFound("draw.list", "名单还没有公布，报名截止以后才有")
	}
	var b bytes.Buffer
	if err := rec.CSV(&b); err != nil {
		return err
	}
	return send(w, b.Bytes(), "text/csv; charset=utf-8", "draw-"+rec.ID+".csv")
}

func send(w http.ResponseWriter, b []byte, kind, name string) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(b)))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write(b) // a browser that hangs up is no fault of ours
	return nil
}
