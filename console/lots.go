package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhijian/domain/draw"
	"zhijian/domain/draw/record"
	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

const drawsPath = "/console/draws"

// drawRoutes are the pages on which a department announces draws and draws them.
func (c *Console) drawRoutes() []door.Route {
	const one = drawsPath + "/{draw}"
	return []door.Route{
		{Method: http.MethodGet, Path: drawsPath, About: "draws of the department", Access: door.StaffOnly, Handler: c.lots},
		{Method: http.MethodGet, Path: drawsPath + "/new", About: "announce a draw", Access: door.StaffOnly, Handler: c.newLot},
		{Method: http.MethodPost, Path: drawsPath + "/new", About: "announce a draw", Access: door.StaffOnly, Handler: c.announce},
		{Method: http.MethodGet, Path: one, About: "a draw: how far it is, and what is to be done", Access: door.StaffOnly, Handler: c.lot},
		{Method: http.MethodPost, Path: one + "/seed", About: "type the public seed; two people must", Access: door.StaffOnly, Handler: c.seedLot},
		{Method: http.MethodPost, Path: one + "/cancel", About: "call a draw off before it is drawn", Access: door.StaffOnly, Handler: c.cancelLot},
	}
}

func lotPath(no string) string { return drawsPath + "/" + no }

// lots lists the draws of the department.
func (c *Console) lots(w http.ResponseWriter, r *door.Request) error {
	list, err := c.c.Draws.List(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	ground, err := c.c.Draws.Ground(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	now := c.c.Clock.Now()
	t := table(r, "desk.draws", "desk.draws_none", "desk.draw_title", "desk.draw_phase", "desk.draw_entries", "desk.draw_closes", "desk.draw_moment")
	t.Columns[2].Right = true
	for _, one := range list {
		t.Rows = append(t.Rows, component.TableRow{Cells: []component.Cell{
			{Text: told(r, one.Terms.Title), Href: lotPath(one.No), Small: one.Terms.Period},
			{Text: word(r, "desk.draw_"+string(one.Phase(now)))},
			{Text: say.Digits(int64(entered(one)))},
			{Text: say.Moment(r.Lang, one.Closes(), now)},
			{Text: say.Moment(r.Lang, one.Moment(), now)},
		}})
	}
	head := component.DeskHead{Title: word(r, "desk.draws"), Sub: word(r, "desk.draws_sub")}
	if len(ground.Series) > 0 {
		head.Buttons = []component.DeskButton{{Text: word(r, "desk.draw_new"), Href: drawsPath + "/new", Icon: "plus"}}
	}
	return render(w, r, http.StatusOK, c.frame(w, r, head.Title).In(), lotsView(head, t))
}

func told(r *door.Request, t record.Text) string {
	if r.Lang == "en" {
		return t.En
	}
	return t.Zh
}

func entered(one draw.Draw) int {
	if one.Course.Listed.IsZero() {
		return one.Last
	}
	return one.Course.Entries
}

// lotFields are the inputs of an announcement in their order.
var lotFields = []struct {
	name  string
	lines int
	max   int
}{
	{"series", 0, 0},
	{"period", 0, 6},
	{"title", 0, 40},
	{"title_en", 0, 120},
	{"about", 3, 300},
	{"about_en", 3, 900},
	{"places", 5, 12000},
	{"choices", 0, 1},
	{"opens", 0, 16},
	{"closes", 0, 16},
	{"moment", 0, 16},
	{"source", 2, 200},
	{"source_en", 2, 600},
	{"example", 0, 200},
}

// newLotPage announces a draw.
type newLotPage struct {
	note   string
	fields []component.DeskInput
	button component.DeskButton
}

func (c *Console) newLot(w http.ResponseWriter, r *door.Request) error {
	return c.drawNewLot(w, r, http.StatusOK, nil)
}

func (c *Console) drawNewLot(w http.ResponseWriter, r *door.Request, status int, wrong *fault.Error) error {
	ground, err := c.c.Draws.Ground(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	if len(ground.Series) == 0 {
		return fault.Denied("draw.none", "本部门没有可以摇号的事项，请先联系平台管理员")
	}
	p := newLotPage{note: word(r, "desk.draw_new_note"), button: component.DeskButton{Text: word(r, "desk.draw_announce")}}
	for _, f := range lotFields {
		in := component.DeskInput{
			Name: f.name, Label: word(r, "desk.draw_f_"+f.name), Hint: word(r, "desk.draw_f_"+f.name+"_hint"), Lines: f.lines, Max: f.max, Value: r.Value(f.name), Error: about(r.Lang, wrong, f.name),
		}
		if f.name == "series" {
			for _, s := range ground.Series {
				in.Options = append(in.Options, component.Option{Value: s.Code, Text: s.Name + "（" + s.Code + "）", On: r.Value(f.name) == s.Code})
			}
		}
		if f.name == "choices" && in.Value == "" {
			in.Value = "1"
		}
		p.fields = append(p.fields, in)
	}
	title := word(r, "desk.draw_new")
	return render(w, r, status, c.frame(w, r, title).In(), p.view(component.DeskHead{Title: title, Sub: word(r, "desk.draw_new_sub")}))
}

// announce publishes a draw. What cannot be taken comes back with everything typed.
func (c *Console) announce(w http.ResponseWriter, r *door.Request) error {
	text := func(name string) record.Text {
		line := func(s string) string { return strings.Join(strings.Fields(s), " ") }
		return record.Text{Zh: line(r.Value(name)), En: line(r.Value(name + "_en"))}
	}
	choices, _ := strconv.Atoi(strings.TrimSpace(r.Value("choices"))) // 0 is refused
	one, err := c.c.Draws.Announce(r.Context(), r.Actor, record.Terms{
		Title: text("title"), About: text("about"), Source: text("source"), Series: r.Value("series"), Period: strings.TrimSpace(r.Value("period")),
		Opens: moment(r.Value("opens")), Closes: moment(r.Value("closes")), Moment: moment(r.Value("moment")),
		Example: strings.Join(strings.Fields(r.Value("example")), " "), Choices: choices, Places: placesOf(r.Value("places")),
	})
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		return c.drawNewLot(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, lotPath(one.No))
}

// moment reads "2026-06-01 09:00" in Shanghai; empty when it is no such thing.
func moment(s string) string {
	t, err := time.ParseInLocation("2006-01-02 15:04", strings.ReplaceAll(strings.TrimSpace(s), "T", " "), clock.Shanghai)
	if err != nil {
		return ""
	}
	return record.Stamp(t)
}

// placesOf reads lines of "code | number | name | English name"; what cannot be read is refused by its number of places.
func placesOf(s string) []record.Place {
	var list []record.Place
	for line := range strings.Lines(s) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		parts := strings.Split(strings.ReplaceAll(line, "｜", "|"), "|")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		p := record.Place{Code: parts[0]}
		if len(parts) == 4 {
			p.Count, _ = strconv.Atoi(parts[1])
			p.Name = record.Text{Zh: parts[2], En: parts[3]}
		}
		list = append(list, p)
	}
	return list
}

// lotPage is one draw as staff see it.
type lotPage struct {
	problem string
	facts   component.KeyValues
	places  component.Table
	seed    *lotForm
	cancel  *lotForm
}

// lotForm is one thing that staff do with a draw.
type lotForm struct {
	title  string
	note   string
	form   component.Form
	input  component.DeskInput
	button component.DeskButton
}

func (c *Console) lot(w http.ResponseWriter, r *door.Request) error {
	one, err := c.c.Draws.Run(r.Context(), r.Actor, r.PathValue("draw"))
	if err != nil {
		return err
	}
	return c.drawLot(w, r, http.StatusOK, one, nil)
}

func (c *Console) drawLot(w http.ResponseWriter, r *door.Request, status int, one draw.Draw, wrong *fault.Error) error {
	now := c.c.Clock.Now()
	phase := one.Phase(now)
	p := lotPage{places: table(r, "desk.draw_f_places", "", "desk.draw_code", "desk.draw_name", "desk.draw_count")}
	p.places.Columns[2].Right = true
	for _, x := range one.Terms.Places {
		p.places.Rows = append(p.places.Rows, component.TableRow{Cells: []component.Cell{{Text: x.Code}, {Text: told(r, x.Name)}, {Text: say.Digits(int64(x.Count))}}})
	}
	if err := c.lotFacts(r, one, phase, &p); err != nil {
		return err
	}
	if wrong != nil && wrong.Field == "" {
		p.problem = faultText(r, wrong)
	}
	if phase == draw.Overdue {
		p.seed = &lotForm{
			title: word(r, "desk.draw_seed"), note: word(r, "desk.draw_seed_first"), form: component.Form{Action: lotPath(one.No) + "/seed"},
			input:  component.DeskInput{Name: "seed", Label: told(r, one.Terms.Source), Hint: word(r, "desk.draw_seed_hint", one.Terms.Example), Max: 200, Error: about(r.Lang, wrong, "seed"), Kind: component.KindCode},
			button: component.DeskButton{Text: word(r, "desk.draw_seed_do")},
		}
		if first := one.Course.First; first != nil {
			name, err := c.nameOf(r, first.By)
			if err != nil {
				return err
			}
			p.seed.note = word(r, "desk.draw_seed_second", name, say.Moment(r.Lang, first.At, now))
			if first.By == r.Member.ID {
				p.seed.note = word(r, "desk.draw_seed_other")
			}
		}
	}
	if slices.Contains([]draw.Phase{draw.Soon, draw.Open, draw.Closing, draw.Closed, draw.Overdue}, phase) {
		p.cancel = &lotForm{
			title: word(r, "desk.draw_cancel"), note: word(r, "desk.draw_cancel_note"), form: component.Form{Action: lotPath(one.No) + "/cancel"},
			input:  component.DeskInput{Name: "reason", Label: word(r, "desk.draw_reason"), Lines: 2, Max: 300, Value: r.Value("reason"), Error: about(r.Lang, wrong, "reason")},
			button: component.DeskButton{Text: word(r, "desk.draw_cancel"), Tone: component.Danger},
		}
	}
	title := told(r, one.Terms.Title)
	head := component.DeskHead{Title: title, Sub: word(r, "desk.draw_do_"+string(phase)), Buttons: []component.DeskButton{{Text: word(r, "desk.draw_public"), Href: "/draws/" + one.No, Tone: component.Line}}}
	d := c.frame(w, r, title)
	d.Crumbs = []component.Anchor{{Text: word(r, "desk.home"), Href: "/console"}, {Text: word(r, "desk.draws"), Href: drawsPath}, {Text: title}}
	return render(w, r, status, d.In(), p.view(head))
}

// lotFacts says what was announced and how it has gone.
func (c *Console) lotFacts(r *door.Request, one draw.Draw, phase draw.Phase, p *lotPage) error {
	row := func(key, value string) {
		if value != "" {
			p.facts.Rows = append(p.facts.Rows, component.Row{Key: word(r, "desk.draw_"+key), Value: value})
		}
	}
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return say.FullMoment(r.Lang, t)
	}
	row("f_period", one.Terms.Period)
	row("f_opens", at(one.Opens()))
	row("closes", at(one.Closes()))
	row("moment", at(one.Moment()))
	row("entries", say.Digits(int64(entered(one))))
	row("source", told(r, one.Terms.Source))
	row("example", one.Terms.Example)
	row("listed", at(one.Course.Listed))
	row("list_hash", one.Course.ListHash)
	row("house_hash", one.Course.HouseHash)
	row("seed", one.Course.Public)
	var names []string
	for _, id := range one.Course.Members {
		name, err := c.nameOf(r, id)
		if err != nil {
			return err
		}
		names = append(names, name)
	}
	row("members", strings.Join(names, "、"))
	row("drawn", at(one.Course.Drawn))
	if phase == draw.Over {
		row("winners", say.Digits(int64(one.Course.Winners)))
	}
	row("reason", one.Course.Reason)
	return nil
}

// seedLot takes the public seed as one member has read it.
func (c *Console) seedLot(w http.ResponseWriter, r *door.Request) error {
	one, err := c.c.Draws.Run(r.Context(), r.Actor, r.PathValue("draw"))
	if err == nil {
		_, err = c.c.Draws.Seed(r.Context(), r.Actor, one.No, r.Value("seed"))
	}
	return c.didLot(w, r, one, err)
}

func (c *Console) cancelLot(w http.ResponseWriter, r *door.Request) error {
	one, err := c.c.Draws.Run(r.Context(), r.Actor, r.PathValue("draw"))
	if err == nil {
		_, err = c.c.Draws.Cancel(r.Context(), r.Actor, one.No, r.Value("reason"))
	}
	return c.didLot(w, r, one, err)
}

// didLot goes back to the draw, with what stood in the way.
func (c *Console) didLot(w http.ResponseWriter, r *door.Request, one draw.Draw, err error) error {
	if f := fault.Of(err); f != nil && (f.Kind == fault.KindInvalid || f.Kind == fault.KindConflict) {
		now, again := c.c.Draws.Run(r.Context(), r.Actor, one.No) // as it is after what was refused
		if again != nil {
			return again
		}
		status := http.StatusUnprocessableEntity
		if f.Kind == fault.KindConflict {
			status = http.StatusConflict
		}
		return c.drawLot(w, r, status, now, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, lotPath(one.No))
}
