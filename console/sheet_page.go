package console

import (
	"net/http"
	"strconv"

	"zhijian/domain/sheet"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ground/tabular"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

// sheetPage is one table: an upload that waits for the clerk, what answers now, and what did before.
type sheetPage struct {
	confirm *confirmForm // nil unless an upload's columns are to be confirmed
	ready   *readyPart   // nil unless one is ready to answer
	over    *overForm    // nil unless a service can be made over what answers
	wrong   []string     // why the newest upload cannot answer
	facts   component.KeyValues
	columns component.Table
	former  component.Table
	form    component.Form // to upload again
	file    fileInput
	send    component.DeskButton
}

// confirmForm asks what the columns hold.
type confirmForm struct {
	form    component.Form
	note    string
	columns component.Table
	as      component.DeskChoices
	minutes component.DeskInput
	button  component.DeskButton
	once    component.DeskButton // to have it answer at once when every row was taken
}

// readyPart shows what was taken and refused.
type readyPart struct {
	note     string
	refused  component.Table
	download component.Anchor // empty when nothing was refused
	answer   component.DeskPost
}

func (c *Console) sheet(w http.ResponseWriter, r *door.Request) error {
	return c.drawSheet(w, r, http.StatusOK, nil)
}

func (c *Console) drawSheet(w http.ResponseWriter, r *door.Request, status int, wrong *fault.Error) error {
	s, err := c.c.Sheet.Sheet(r.Context(), r.Actor, r.PathValue("slug"))
	if err != nil {
		return err
	}
	p := sheetPage{
		wrong: allAbout(r.Lang, wrong, "key"),
		form:  component.Form{Action: sheetPath(s.Slug) + "/upload", Files: true}, file: c.fileInput(r, wrong),
		send: component.DeskButton{Text: word(r, "desk.sheet_upload"), Tone: component.Line},
	}
	if g, ok := s.Draft(); ok && g.State == sheet.Draft {
		if p.confirm, err = c.confirmOf(r, s, g, wrong); err != nil {
			return err
		}
	} else if ok {
		if p.ready, err = c.readyOf(r, s, g); err != nil {
			return err
		}
	}
	if _, live := s.Answering(); live {
		if p.over, err = c.overOf(r, s, wrong); err != nil {
			return err
		}
	}
	c.sheetFacts(r, s, &p)
	head := component.DeskHead{Title: s.Name, Sub: s.System()}
	return render(w, r, status, c.frame(w, r, head.Title).In(), p.view(head))
}

func (c *Console) confirmOf(r *door.Request, s sheet.Sheet, g sheet.Generation, wrong *fault.Error) (*confirmForm, error) {
	shape := g.Shape
	if r.Value("number") != "" {
		shape = confirmed(r, shape) // what was chosen stays when something is missing
	}
	f := &confirmForm{
		form:    component.Form{Action: sheetPath(s.Slug) + "/take", Hidden: []component.Hidden{{Name: "number", Value: strconv.Itoa(g.Number)}}},
		note:    word(r, "desk.sheet_confirm_note", g.File),
		columns: table(r, "desk.sheet_columns", "", "desk.sheet_column", "desk.sheet_kind", "desk.sheet_use", "desk.sheet_example"),
		minutes: component.DeskInput{Name: "minutes", Label: word(r, "desk.sheet_minutes"), Hint: word(r, "desk.sheet_minutes_hint"), Kind: component.KindNumeric, Max: 4, Value: "30", Error: about(r.Lang, wrong, "minutes")},
		button:  component.DeskButton{Text: word(r, "desk.sheet_take"), Tone: component.Line},
		once:    component.DeskButton{Text: word(r, "desk.sheet_take_answer"), Name: "_do", Value: "answer"},
	}
	if v := r.Value("minutes"); v != "" {
		f.minutes.Value = v
	}
	rows, err := c.c.Sheet.Sample(r.Context(), r.Actor, s.Slug, sampled)
	if err != nil {
		return nil, err
	}
	for i, col := range shape.Columns {
		f.columns.Rows = append(f.columns.Rows, component.TableRow{Cells: []component.Cell{
			{Text: col.Label, Small: about(r.Lang, wrong, col.Name)},
			{Body: component.DeskInput{Name: "kind_" + col.Name, Label: word(r, "desk.sheet_kind_of", col.Label), Hide: true, Options: kindOptions(r, col)}},
			{Body: component.DeskInput{Name: "use_" + col.Name, Label: word(r, "desk.sheet_use_of", col.Label), Hide: true, Options: useOptions(r, col)}},
			{Text: example(col, rows, i)},
		}})
	}
	as := r.Value("as")
	switch {
	case as != "":
	case shape.Slots != nil || shape.LooksLikeSlots():
		as = "slots"
	case shape.Unique:
		as = "one"
	default:
		as = "many"
	}
	f.as = component.DeskChoices{Name: "as", Label: word(r, "desk.sheet_as"), Error: about(r.Lang, wrong, "slots")}
	for _, v := range []string{"one", "many", "slots"} {
		f.as.Options = append(f.as.Options, component.Choice{Value: v, Title: word(r, "desk.sheet_as_"+v), On: as == v})
	}
	return f, nil
}

func kindOptions(r *door.Request, col tabular.Column) (list []component.Option) {
	for _, k := range tabular.Kinds() {
		list = append(list, component.Option{Value: string(k), Text: word(r, "desk.sheet_kind_"+string(k)), On: k == col.Kind})
	}
	return list
}

func useOptions(r *door.Request, col tabular.Column) (list []component.Option) {
	for _, u := range tabular.Uses() {
		list = append(list, component.Option{Value: string(u), Text: word(r, "desk.sheet_use_"+string(u)), On: u == col.Use})
	}
	return list
}

// example shows what stands in a column; what tells who somebody is only by its length.
func example(col tabular.Column, rows [][]string, i int) string {
	out := ""
	for _, row := range rows[:min(len(rows), 2)] {
		if i >= len(row) || row[i] == "" {
			continue
		}
		cell := row[i]
		if col.Kind.Sensitive() {
			cell = stars(cell)
		}
		if out != "" {
			out += "　"
		}
		out += short(cell)
	}
	return out
}

func stars(s string) string {
	n := []rune(s)
	for i := range n {
		n[i] = '*'
	}
	return string(n)
}

func short(s string) string {
	if n := []rune(s); len(n) > 20 {
		return string(n[:20]) + "…"
	}
	return s
}

func (c *Console) readyOf(r *door.Request, s sheet.Sheet, g sheet.Generation) (*readyPart, error) {
	list, err := c.c.Sheet.Refused(r.Context(), r.Actor, s.Slug, g.Number, 0, unfit)
	if err != nil {
		return nil, err
	}
	p := &readyPart{
		note:    word(r, "desk.sheet_taken", say.Digits(int64(g.Rows)), say.Digits(int64(g.Refused))),
		refused: table(r, "desk.sheet_refused", "desk.sheet_refused_none", "desk.sheet_line", "desk.sheet_column", "desk.sheet_reason"),
		answer:  answerPost(r, s, g, "desk.sheet_answer", component.Plain),
	}
	for _, x := range list {
		p.refused.Rows = append(p.refused.Rows, component.TableRow{Cells: []component.Cell{{Text: strconv.Itoa(x.Line)}, {Text: x.Column}, {Text: x.Reason}}})
	}
	if g.Refused > 0 {
		p.download = component.Anchor{Text: word(r, "desk.sheet_refused_all", say.Digits(int64(g.Refused))), Href: sheetPath(s.Slug) + "/refused/" + strconv.Itoa(g.Number)}
	}
	return p, nil
}

func answerPost(r *door.Request, s sheet.Sheet, g sheet.Generation, text string, tone component.Tone) component.DeskPost {
	return component.DeskPost{
		Action: sheetPath(s.Slug) + "/answer", Hidden: []component.Hidden{{Name: "number", Value: strconv.Itoa(g.Number)}},
		Button: component.DeskButton{Text: word(r, text), Tone: tone, Spoken: g.File},
	}
}

// sheetFacts says what answers now and what did before.
func (c *Console) sheetFacts(r *door.Request, s sheet.Sheet, p *sheetPage) {
	now := c.c.Clock.Now()
	p.former = table(r, "desk.sheet_former", "desk.sheet_former_none", "desk.sheet_name_of_file", "desk.sheet_rows", "desk.sheet_refused", "desk.sheet_since", "desk.act")
	g, live := s.Answering()
	if live {
		p.facts.Rows = []component.Row{
			{Key: word(r, "desk.sheet_name_of_file"), Value: g.File},
			{Key: word(r, "desk.sheet_rows"), Value: say.Digits(int64(g.Rows))},
			{Key: word(r, "desk.sheet_since"), Value: say.Moment(r.Lang, g.Since, now)},
			{Key: word(r, "desk.sheet_call"), Value: callOf(g)},
		}
		p.columns = table(r, "desk.sheet_columns", "", "desk.sheet_column", "desk.sheet_word", "desk.sheet_kind", "desk.sheet_use")
		for _, col := range g.Shape.Columns {
			p.columns.Rows = append(p.columns.Rows, component.TableRow{Cells: []component.Cell{
				{Text: col.Label}, {Text: col.Name}, {Text: word(r, "desk.sheet_kind_"+string(col.Kind))}, {Text: word(r, "desk.sheet_use_"+string(col.Use))},
			}})
		}
	}
	for i := len(s.Generations) - 1; i >= 0; i-- {
		g := s.Generations[i]
		if g.Number == s.Live || g.Since.IsZero() {
			continue
		}
		refused := component.Cell{Text: say.Digits(int64(g.Refused))}
		if g.Refused > 0 {
			refused.Href = sheetPath(s.Slug) + "/refused/" + strconv.Itoa(g.Number)
		}
		p.former.Rows = append(p.former.Rows, component.TableRow{Cells: []component.Cell{
			{Text: g.File}, {Text: say.Digits(int64(g.Rows))}, refused, {Text: say.Moment(r.Lang, g.Since, now)}, {Body: answerPost(r, s, g, "desk.sheet_back", component.Line)},
		}})
	}
}

// callOf names the call that definitions ask a table by.
func callOf(g sheet.Generation) string {
	if g.Shape.Slots != nil {
		return sheet.CallSlots
	}
	return sheet.CallFind
}
