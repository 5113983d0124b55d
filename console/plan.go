package console

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/booking/plan"
	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/geo"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

// planPage is when a resource has slots, and what they come to.
type planPage struct {
	Form    component.Form
	Fields  []component.DeskInput
	Button  component.DeskButton
	Preview component.Table
	Outside component.Table
	Left    bool // there are bookings that the plan no longer has
}

// plan shows the plan of a resource to be changed.
func (c *Console) plan(w http.ResponseWriter, r *door.Request) error {
	x, err := c.c.Booking.Run(r.Context(), r.Actor, r.PathValue("pool"))
	if err != nil {
		return err
	}
	return c.drawPlan(w, r, http.StatusOK, x, planValues(x), nil)
}

// planValues are a resource's plan and rules as they stand in the form.
func planValues(x booking.Resource) map[string]string {
	n, p := strconv.Itoa, x.Plan
	holidays := "no"
	if p.Holidays {
		holidays = "yes"
	}
	return map[string]string{
		"name": x.Name, "address": x.Address, "at": drawnAt(x.At), "matters": strings.Join(x.Matters, "\n"), "weekly": plan.Lines(p.Weekly), "exceptions": plan.ExceptionLines(p.Exceptions),
		"minutes": n(p.Minutes), "walk_in": n(p.WalkIn), "free_before": n(p.FreeBefore), "ahead": n(p.Ahead), "opens": p.Opens, "holidays": holidays,
		"early": n(x.Rules.Early), "times": n(x.Rules.NoShow.Times), "days": n(x.Rules.NoShow.Days), "bar": n(x.Rules.NoShow.Bar), "rev": strconv.FormatInt(x.Rev, 10),
	}
}

// planFields are the inputs in their order, with the lines of those that are text areas.
var planFields = []struct {
	name  string
	lines int
	max   int
}{
	{"name", 0, 60},
	{"address", 0, 120},
	{"at", 0, 40},
	{"matters", 6, 4000},
	{"weekly", 5, 4000},
	{"exceptions", 5, 20000},
	{"holidays", 0, 0},
	{"minutes", 0, 3},
	{"walk_in", 0, 3},
	{"free_before", 0, 5},
	{"ahead", 0, 2},
	{"opens", 0, 5},
	{"early", 0, 4},
	{"times", 0, 2},
	{"days", 0, 3},
	{"bar", 0, 3},
}

func (c *Console) drawPlan(w http.ResponseWriter, r *door.Request, status int, x booking.Resource, values map[string]string, wrong *fault.Error) error {
	p := planPage{
		Form:   component.Form{Action: dayPath(x.Pool) + "/plan", Hidden: []component.Hidden{{Name: "rev", Value: values["rev"]}}},
		Button: component.DeskButton{Text: word(r, "desk.plan_do")},
	}
	for _, f := range planFields {
		in := component.DeskInput{Name: f.name, Label: word(r, "desk.plan_"+f.name), Hint: word(r, "desk.plan_"+f.name+"_hint"), Lines: f.lines, Max: f.max, Value: values[f.name], Error: about(r.Lang, wrong, f.name)}
		if f.name == "holidays" {
			for _, v := range []string{"no", "yes"} {
				in.Options = append(in.Options, component.Option{Value: v, Text: word(r, "desk.plan_holidays_"+v), On: values[f.name] == v})
			}
		}
		if f.name == "times" {
			in.Error = about(r.Lang, wrong, "no_show")
		}
		p.Fields = append(p.Fields, in)
	}
	p.Preview = c.preview(r, x.Plan)
	outside, err := c.c.Booking.Outside(r.Context(), r.Actor, x.Pool)
	if err != nil {
		return err
	}
	p.Left = len(outside) > 0
	p.Outside = table(r, "desk.plan_outside", "desk.queue_day_empty", "desk.queue_day", "desk.queue_code")
	for _, b := range outside {
		p.Outside.Rows = append(p.Outside.Rows, component.TableRow{Cells: []component.Cell{
			{Text: say.FullDay(r.Lang, b.Start), Href: dayPath(x.Pool) + "?date=" + b.Date(), Small: say.Hours(r.Lang, b.Start, b.End)}, {Text: b.Code()},
		}})
	}
	title := word(r, "desk.plan")
	return render(w, r, status, c.frame(w, r, title).In(), p.view(component.DeskHead{Title: title, Sub: x.Name, Buttons: []component.DeskButton{{Text: word(r, "desk.plan_back"), Href: dayPath(x.Pool), Tone: component.Line}}}))
}

// preview is what the plan comes to in the next two weeks.
func (c *Console) preview(r *door.Request, p plan.Plan) component.Table {
	now := c.c.Clock.Now().In(clock.Shanghai)
	t := table(r, "desk.plan_preview", "desk.queue_day_empty", "desk.queue_day", "desk.plan_slots", "desk.plan_online", "desk.plan_walk")
	for n := range 14 {
		day := now.AddDate(0, 0, n)
		slots, places, walk := p.Day(day), 0, 0
		for _, s := range slots {
			places, walk = places+s.Places, walk+s.Walk
		}
		e, _ := p.Exception(day.Format(time.DateOnly))
		t.Rows = append(t.Rows, component.TableRow{Cells: []component.Cell{
			{Text: say.FullDay(r.Lang, day), Small: joinedWords(say.Weekday(r.Lang, day), e.Why)}, {Text: strconv.Itoa(len(slots))}, {Text: strconv.Itoa(places - walk)}, {Text: strconv.Itoa(walk)},
		}})
	}
	return t
}

func joinedWords(list ...string) string { return strings.TrimSpace(strings.Join(list, " ")) }

// replan takes a changed plan. What cannot be read comes back with everything typed.
func (c *Console) replan(w http.ResponseWriter, r *door.Request) error {
	x, err := c.c.Booking.Run(r.Context(), r.Actor, r.PathValue("pool"))
	if err != nil {
		return err
	}
	values := map[string]string{"rev": r.Value("rev")}
	for _, f := range planFields {
		values[f.name] = strings.TrimSpace(r.Value(f.name))
	}
	next, err := planned(x, values)
	if err == nil {
		rev, _ := strconv.ParseInt(values["rev"], 10, 64)
		_, err = c.c.Booking.Rule(r.Context(), r.Actor, next, rev)
	}
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		return c.drawPlan(w, r, http.StatusUnprocessableEntity, x, values, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, dayPath(x.Pool)+"/plan")
}

// planned reads the form over a resource.
func planned(x booking.Resource, values map[string]string) (booking.Resource, error) {
	var wrong []*fault.Error
	number := func(field string) int {
		n, err := strconv.Atoi(values[field])
		if err != nil {
			wrong = append(wrong, fault.Invalid("plan.number", "请填数字").On(field))
		}
		return n
	}
	x.Name, x.Address, x.Matters = values["name"], values["address"], nil
	for line := range strings.Lines(values["matters"]) {
		if line = strings.TrimSpace(line); line != "" {
			x.Matters = append(x.Matters, line)
		}
	}
	at, err0 := placed(values["at"])
	wrong = append(wrong, fault.Of(err0))
	x.At = at
	weekly, err1 := plan.Weekly(values["weekly"])
	exceptions, err2 := plan.Exceptions(values["exceptions"])
	wrong = append(wrong, fault.Of(err1), fault.Of(err2))
	x.Plan = plan.Plan{
		Weekly: weekly, Exceptions: exceptions, Holidays: values["holidays"] == "yes", Minutes: number("minutes"), WalkIn: number("walk_in"),
		FreeBefore: number("free_before"), Ahead: number("ahead"), Opens: values["opens"],
	}
	x.Rules = booking.Rules{Early: number("early"), NoShow: booking.NoShow{Times: number("times"), Days: number("days"), Bar: number("bar")}}
	return x, fault.Join(wrong...)
}

// drawnAt is a place as Chinese maps write it, from where staff copy it; empty for none.
func drawnAt(at geo.Point) string {
	if !at.Known() {
		return ""
	}
	at = geo.GCJ02(at)
	return strconv.FormatFloat(at.Lat, 'f', 6, 64) + "," + strconv.FormatFloat(at.Lon, 'f', 6, 64)
}

// placed reads a place that was copied from a Chinese map; nothing is no place.
func placed(text string) (geo.Point, error) {
	text = strings.NewReplacer("，", ",", " ", "").Replace(text)
	if text == "" {
		return geo.Point{}, nil
	}
	at, ok := geo.Parse(text)
	if !ok {
		return geo.Point{}, fault.Invalid("resource.at", "请写纬度和经度，例如 31.2990,120.5853").On("at")
	}
	return geo.WGS84(at), nil
}

// newPage opens a resource.
type newPage struct {
	Fields []component.DeskInput
	Button component.DeskButton
}

func (c *Console) newResource(w http.ResponseWriter, r *door.Request) error {
	return c.drawNew(w, r, http.StatusOK, nil)
}

func (c *Console) drawNew(w http.ResponseWriter, r *door.Request, status int, wrong *fault.Error) error {
	p := newPage{Button: component.DeskButton{Text: word(r, "desk.queue_new")}}
	for _, name := range []string{"pool", "kind", "name", "address", "account"} {
		in := component.DeskInput{Name: name, Label: word(r, "desk.new_"+name), Hint: word(r, "desk.new_"+name+"_hint"), Max: 120, Value: r.Value(name), Error: about(r.Lang, wrong, name)}
		if name == "kind" {
			for _, k := range booking.Kinds() {
				in.Options = append(in.Options, component.Option{Value: string(k), Text: word(r, "desk.kind_"+string(k)), On: r.Value(name) == string(k)})
			}
		}
		p.Fields = append(p.Fields, in)
	}
	title := word(r, "desk.queue_new")
	return render(w, r, status, c.frame(w, r, title).In(), p.view(component.DeskHead{Title: title, Sub: word(r, "desk.queue_new_sub")}))
}

// openResource opens a resource of the department that runs an account, on workdays until its staff say otherwise.
func (c *Console) openResource(w http.ResponseWriter, r *door.Request) error {
	x := booking.Resource{
		Pool: strings.TrimSpace(r.Value("pool")), Kind: booking.Kind(r.Value("kind")), Name: strings.TrimSpace(r.Value("name")), Address: strings.TrimSpace(r.Value("address")),
		Rules: booking.DefaultRules(),
		Plan:  plan.Plan{Weekly: []plan.Span{{Days: []int{1, 2, 3, 4, 5}, From: "09:00", To: "12:00", Places: 1}}, Minutes: 30, WalkIn: 30, FreeBefore: 60, Ahead: 7, Opens: "08:00"},
	}
	acc, err := c.c.Accounts.ByAlias(r.Context(), strings.TrimSpace(r.Value("account")))
	switch {
	case fault.Is(err, fault.KindNotFound):
		err = fault.Invalid("resource.account", "没有这个公众号，请填公众号的别名，例如 szjszw").On("account")
	case err == nil:
		x.Account, x.Department, x.Region = acc.ID, acc.Department, acc.Region
		x, err = c.c.Booking.Open(r.Context(), r.Actor, x)
	}
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		return c.drawNew(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, dayPath(x.Pool)+"/plan")
}
