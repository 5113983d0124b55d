package console

import (
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"zhijian/domain/department"
	"zhijian/domain/sheet"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ground/tabular"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

const sheetsPath = "/console/sheets"

// sampled is how many rows of an upload are shown beside what its columns are taken for; unfit how many refused ones, before the download.
const (
	sampled = 5
	unfit   = 20
)

// sheetsPage lists the tables of a department, and takes a new one.
type sheetsPage struct {
	list  component.Table
	form  component.Form
	name  component.DeskInput
	slug  component.DeskInput
	owner component.DeskInput // no options for staff, whose department it is
	file  fileInput
	send  component.DeskButton
}

// fileInput is where a table is chosen.
type fileInput struct{ name, label, hint, problem string }

// sheetRoutes are the pages on which clerks let tables answer.
func (c *Console) sheetRoutes() []door.Route {
	const one = sheetsPath + "/{slug}"
	upload := door.Limit{Body: tabular.MostBytes + 1<<20}
	return []door.Route{
		{Method: http.MethodGet, Path: sheetsPath, About: "tables that answer like an office", Access: door.StaffOnly, Handler: c.sheets},
		{Method: http.MethodPost, Path: sheetsPath, About: "upload a new table", Access: door.StaffOnly, Takes: door.TakesFile, Limit: upload, Handler: c.openSheet},
		{Method: http.MethodGet, Path: one, About: "one table, what it answers and what was refused", Access: door.StaffOnly, Handler: c.sheet},
		{Method: http.MethodPost, Path: one + "/upload", About: "upload a table again", Access: door.StaffOnly, Takes: door.TakesFile, Limit: upload, Handler: c.uploadSheet},
		{Method: http.MethodPost, Path: one + "/take", About: "confirm what the columns of a table hold", Access: door.StaffOnly, Handler: c.takeSheet},
		{Method: http.MethodPost, Path: one + "/answer", About: "have a table answer from now on, or a former one again", Access: door.StaffOnly, Handler: c.answerSheet},
		{Method: http.MethodPost, Path: one + "/service", About: "make a service over a table that answers", Access: door.StaffOnly, Handler: c.makeService},
		{Method: http.MethodGet, Path: one + "/refused/{number}", About: "the refused rows of a table, with reasons", Access: door.StaffOnly, Handler: c.refusedRows},
	}
}

func sheetPath(slug string) string { return sheetsPath + "/" + url.PathEscape(slug) }

// sheets lists the tables that the member may see.
func (c *Console) sheets(w http.ResponseWriter, r *door.Request) error {
	return c.drawSheets(w, r, http.StatusOK, nil)
}

func (c *Console) drawSheets(w http.ResponseWriter, r *door.Request, status int, wrong *fault.Error) error {
	list, err := c.c.Sheet.List(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	p := sheetsPage{
		list: table(r, "desk.sheets", "desk.sheets_none", "desk.sheet_name", "desk.sheet_state", "desk.sheet_rows", "desk.sheet_since"),
		form: component.Form{Action: sheetsPath, Files: true},
		name: component.DeskInput{Name: "name", Label: word(r, "desk.sheet_called"), Hint: word(r, "desk.sheet_called_hint"), Value: r.Value("name"), Max: 40, Error: about(r.Lang, wrong, "name")},
		slug: component.DeskInput{Name: "slug", Label: word(r, "desk.sheet_slug"), Hint: word(r, "desk.sheet_slug_hint"), Value: r.Value("slug"), Max: 34, Error: about(r.Lang, wrong, "slug")},
		file: c.fileInput(r, wrong),
		send: component.DeskButton{Text: word(r, "desk.sheet_upload")},
	}
	if r.Member.Operator {
		if p.owner, err = c.owner(r, wrong); err != nil {
			return err
		}
	}
	for _, s := range list {
		p.list.Rows = append(p.list.Rows, c.sheetRow(r, s))
	}
	p.list.Columns[2].Right = true
	head := component.DeskHead{Title: word(r, "desk.sheets"), Sub: word(r, "desk.sheets_sub")}
	return render(w, r, status, c.frame(w, r, head.Title).In(), p.view(head))
}

func (c *Console) sheetRow(r *door.Request, s sheet.Sheet) component.TableRow {
	state, rows, since := word(r, "desk.sheet_silent"), "", ""
	if g, ok := s.Answering(); ok {
		state, rows, since = word(r, "desk.sheet_answers"), say.Digits(int64(g.Rows)), say.Moment(r.Lang, g.Since, c.c.Clock.Now())
	}
	return component.TableRow{Cells: []component.Cell{
		{Text: s.Name, Href: sheetPath(s.Slug), Small: s.System()}, {Text: state}, {Text: rows}, {Text: since},
	}}
}

// owner asks the operator whose table it is.
func (c *Console) owner(r *door.Request, wrong *fault.Error) (component.DeskInput, error) {
	in := component.DeskInput{Name: "department", Label: word(r, "desk.sheet_department"), Error: about(r.Lang, wrong, "department")}
	list, err := c.c.Department.Of(r.Context(), "")
	in.Options = append(in.Options, component.Option{Text: word(r, "desk.sheet_choose")})
	for _, d := range list {
		id := strconv.FormatInt(d.ID, 10)
		in.Options = append(in.Options, component.Option{Value: id, Text: nameOf(r, d), On: r.Value("department") == id})
	}
	return in, err
}

func nameOf(r *door.Request, d department.Department) string {
	if r.Lang == "en" && d.En != "" {
		return d.En
	}
	return d.Name
}

func (c *Console) fileInput(r *door.Request, wrong *fault.Error) fileInput {
	return fileInput{"file", word(r, "desk.sheet_file"), word(r, "desk.sheet_file_hint", tabular.MostBytes>>20, tabular.MostRows), about(r.Lang, wrong, "file")}
}

// uploaded gives the file of the form; an empty one when none was chosen, which the desk refuses.
func uploaded(r *door.Request) (name string, body []byte) {
	for _, u := range r.Uploads() {
		if u.Field == "file" {
			return u.Name, u.Body
		}
	}
	return "", nil
}

// openSheet makes a table and takes its first upload. The file is looked at first, so that a bad one leaves no empty table behind.
func (c *Console) openSheet(w http.ResponseWriter, r *door.Request) error {
	name, body := uploaded(r)
	owner, _ := strconv.ParseInt(r.Value("department"), 10, 64)
	err := fault.Of(c.c.Sheet.Look(name, body))
	if err == nil {
		s, wrong := c.c.Sheet.Open(r.Context(), r.Actor, sheet.Sheet{Slug: r.Value("slug"), Name: r.Value("name"), Department: owner})
		if wrong == nil {
			_, wrong = c.c.Sheet.Upload(r.Context(), r.Actor, s.Slug, name, body)
		}
		if wrong == nil {
			return r.See(w, sheetPath(s.Slug))
		}
		if err = fault.Of(wrong); err == nil || err.Kind != fault.KindInvalid && err.Kind != fault.KindConflict {
			return wrong
		}
	}
	return c.drawSheets(w, r, http.StatusUnprocessableEntity, err)
}

func (c *Console) uploadSheet(w http.ResponseWriter, r *door.Request) error {
	name, body := uploaded(r)
	_, err := c.c.Sheet.Upload(r.Context(), r.Actor, r.PathValue("slug"), name, body)
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		return c.drawSheet(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, sheetPath(r.PathValue("slug")))
}

// takeSheet confirms the columns as the form has them.
func (c *Console) takeSheet(w http.ResponseWriter, r *door.Request) error {
	s, err := c.c.Sheet.Sheet(r.Context(), r.Actor, r.PathValue("slug"))
	if err != nil {
		return err
	}
	number, _ := strconv.Atoi(r.Value("number"))
	g, ok := s.Generation(number)
	if !ok {
		return sheet.None()
	}
	s, err = c.c.Sheet.Take(r.Context(), r.Actor, s.Slug, number, confirmed(r, g.Shape))
	if now, _ := s.Generation(number); err == nil && r.Value("_do") == "answer" && now.Refused == 0 && now.Rows > 0 {
		s, err = c.c.Sheet.Answer(r.Context(), r.Actor, s.Slug, number)
	}
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		return c.drawSheet(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, sheetPath(s.Slug))
}

// confirmed gives the shape that a form says; what it leaves out stays as it was proposed.
func confirmed(r *door.Request, shape tabular.Shape) tabular.Shape {
	columns := make([]tabular.Column, len(shape.Columns))
	for i, col := range shape.Columns {
		if v := r.Value("kind_" + col.Name); v != "" {
			col.Kind = tabular.Kind(v)
		}
		if v := r.Value("use_" + col.Name); v != "" {
			col.Use = tabular.Use(v)
		}
		columns[i] = col
	}
	shape.Columns = columns
	switch r.Value("as") {
	case "one", "many":
		shape.Unique, shape.Slots = r.Value("as") == "one", nil
	case "slots":
		minutes, _ := strconv.Atoi(r.Value("minutes"))
		shape, _ = shape.AsSlots(minutes) // what is missing Check says
	}
	return shape
}

func (c *Console) answerSheet(w http.ResponseWriter, r *door.Request) error {
	number, _ := strconv.Atoi(r.Value("number"))
	_, err := c.c.Sheet.Answer(r.Context(), r.Actor, r.PathValue("slug"), number)
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		return c.drawSheet(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, sheetPath(r.PathValue("slug")))
}

// refusedRows is the list of refused rows as a table. Neither headings nor reasons may begin a formula in the clerk's editor (CSV injection).
func (c *Console) refusedRows(w http.ResponseWriter, r *door.Request) error {
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		return sheet.None()
	}
	list, err := c.c.Sheet.Refused(r.Context(), r.Actor, r.PathValue("slug"), number, 0, tabular.MostRows)
	if err != nil {
		return err
	}
	rows := [][]string{{word(r, "desk.sheet_line"), word(r, "desk.sheet_column"), word(r, "desk.sheet_reason")}}
	for _, x := range list {
		rows = append(rows, []string{strconv.Itoa(x.Line), harmless(x.Column), harmless(x.Reason)})
	}
	b, err := tabular.CSV(rows)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": r.PathValue("slug") + "-" + strconv.Itoa(number) + ".csv"}))
	_, _ = w.Write(append([]byte("\xef\xbb\xbf"), b...)) // spreadsheet editors take UTF-8 for GBK without the mark; who hangs up is no fault of ours
	return nil
}

// harmless puts an apostrophe before what an editor would take for a formula, whatever stands before it (security.md T30), and keeps a cell
// on one line.
func harmless(s string) string {
	s = strings.NewReplacer("\r", " ", "\n", " ", "\t", " ").Replace(s)
	if begins := strings.TrimLeft(s, " \u3000\ufeff\u00a0"); begins != "" && strings.ContainsRune("=+-@|＝＋－＠", []rune(begins)[0]) {
		return "'" + s
	}
	return s
}
