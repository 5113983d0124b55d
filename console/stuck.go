package console

import (
	"net/http"
	"strconv"

	"zhijian/domain/cases"
	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/ui/wording"
)

const listed = 50

// home counts what waits for a person.
func (c *Console) home(w http.ResponseWriter, r *door.Request) error {
	stuck, err := c.c.Cases.Queue(r.Context(), r.Actor, []cases.State{cases.Stuck}, cursor.Cursor{}, listed)
	if err != nil {
		return err
	}
	reviewing, err := c.c.Cases.Queue(r.Context(), r.Actor, []cases.State{cases.Reviewing}, cursor.Cursor{}, listed)
	if err != nil {
		return err
	}
	todo := c.tile(r, "desk.to_review", len(reviewing), oldest(reviewing))
	todo.Href = "/console/cases?state=" + string(cases.Reviewing)
	tiles := component.Tiles{Items: []component.TodoTile{todo, c.tile(r, "desk.stuck", len(stuck), oldest(stuck))}}
	tasks, err := c.taskTiles(r)
	if err != nil {
		return err
	}
	drafts, err := c.draftTile(r)
	if err != nil {
		return err
	}
	tiles.Items = append(append(tiles.Items, tasks...), drafts)
	if r.Member.Operator {
		parked, err := c.c.Deliveries.Parked(r.Context(), cursor.Cursor{}, listed)
		if err != nil {
			return err
		}
		first := ""
		if n := len(parked); n > 0 {
			first = say.Moment(r.Lang, parked[n-1].Since, c.c.Clock.Now())
		}
		money, err := c.moneyTile(r)
		if err != nil {
			return err
		}
		tiles.Items = append(tiles.Items, c.tile(r, "desk.parked", len(parked), first), money)
	}
	return render(w, r, http.StatusOK, c.frame(w, r, wording.T(r.Lang, "desk.home")).In(),
		homePage(component.DeskHead{Title: wording.T(r.Lang, "desk.home"), Sub: wording.T(r.Lang, "desk.home_sub")}, tiles))
}

func (c *Console) tile(r *door.Request, label string, n int, first string) component.TodoTile {
	t := component.TodoTile{Label: wording.T(r.Lang, label), N: n, Href: "/console/stuck", Note: wording.T(r.Lang, "desk.none")}
	if n > 0 {
		t.Tone, t.Note = component.Warn, wording.T(r.Lang, "desk.oldest", first)
	}
	return t
}

func oldest(list []cases.Case) string {
	if len(list) == 0 {
		return ""
	}
	return say.FullMoment("", list[len(list)-1].Updated)
}

// stuck lists stuck cases and, to the operator, parked events.
func (c *Console) stuck(w http.ResponseWriter, r *door.Request) error {
	list, err := c.c.Cases.Queue(r.Context(), r.Actor, []cases.State{cases.Stuck}, cursor.Cursor{}, listed)
	if err != nil {
		return err
	}
	page := stuckPage{Cases: c.caseTable(r, "desk.stuck", "desk.stuck_empty", list), Note: wording.T(r.Lang, "desk.stuck_note")}
	if r.Member.Operator {
		after, err := cursor.Parse(r.Query("after"))
		if err != nil {
			return err
		}
		parked, err := c.c.Deliveries.Parked(r.Context(), after, listed)
		if err != nil {
			return err
		}
		page.Operator = true
		page.Parked = c.parkedTable(r, parked)
		if len(parked) == listed {
			page.Next = "/console/stuck?after=" + parked[listed-1].After.String()
		}
	}
	title := wording.T(r.Lang, "desk.stuck")
	return render(w, r, http.StatusOK, c.frame(w, r, title).In(), page.view(component.DeskHead{Title: title}))
}

func (c *Console) caseTable(r *door.Request, caption, empty string, list []cases.Case) component.Table {
	t := component.Table{
		Caption: wording.T(r.Lang, caption), Empty: wording.T(r.Lang, empty),
		Columns: []component.Column{{Text: wording.T(r.Lang, "desk.case")}, {Text: wording.T(r.Lang, "desk.state")}, {Text: wording.T(r.Lang, "desk.since")}},
	}
	for _, one := range list {
		t.Rows = append(t.Rows, component.TableRow{Cells: []component.Cell{
			{Text: c.serviceName(one, r.Lang), Href: "/console/cases/" + one.No, Small: say.Number(one.No), Num: true},
			{Text: wording.T(r.Lang, "state."+string(one.State))},
			{Text: say.Moment(r.Lang, one.Updated, c.c.Clock.Now())},
		}})
	}
	return t
}

func (c *Console) parkedTable(r *door.Request, list []Parked) component.Table {
	t := component.Table{Caption: wording.T(r.Lang, "desk.parked"), Empty: wording.T(r.Lang, "desk.parked_empty")}
	for _, key := range []string{"desk.event", "desk.consumer", "desk.tries", "desk.since", "desk.act"} {
		t.Columns = append(t.Columns, component.Column{Text: wording.T(r.Lang, key)})
	}
	for _, p := range list {
		hidden := []component.Hidden{{Name: "consumer", Value: p.Consumer}, {Name: "event", Value: strconv.FormatInt(p.Event, 10)}}
		t.Rows = append(t.Rows, component.TableRow{Cells: []component.Cell{
			{Text: p.Name, Small: p.Key + "　" + p.Error},
			{Text: p.Consumer, Small: wording.T(r.Lang, "desk.waiting") + " " + strconv.Itoa(p.Waiting)},
			{Text: strconv.Itoa(p.Attempts)},
			{Text: say.Moment(r.Lang, p.Since, c.c.Clock.Now())},
			{Body: freeing(hidden, wording.T(r.Lang, "desk.retry"), wording.T(r.Lang, "desk.skip"), p.Name)},
		}})
	}
	return t
}

func (c *Console) retry(w http.ResponseWriter, r *door.Request) error {
	return c.free(w, r, "desk.retried")
}

func (c *Console) skip(w http.ResponseWriter, r *door.Request) error {
	return c.free(w, r, "desk.skipped")
}

func (c *Console) free(w http.ResponseWriter, r *door.Request, flash string) error {
	id, err := strconv.ParseInt(r.Value("event"), 10, 64)
	if err != nil {
		return fault.NotFound("event", "没有这条消息，可能已经处理了")
	}
	free := c.c.Deliveries.Retry
	if flash == "desk.skipped" {
		free = c.c.Deliveries.Skip
	}
	if err := free(r.Context(), r.Actor, r.Value("consumer"), id); err != nil {
		return err
	}
	return r.See(w, "/console/stuck")
}

// queue lists the department's cases by state.
func (c *Console) queue(w http.ResponseWriter, r *door.Request) error {
	after, err := cursor.Parse(r.Query("after"))
	if err != nil {
		return err
	}
	state := cases.State(r.Query("state"))
	var states []cases.State
	if state != "" {
		states = []cases.State{state}
	}
	list, err := c.c.Cases.Queue(r.Context(), r.Actor, states, after, listed)
	if err != nil {
		return err
	}
	tabs := component.QueueTabs{Label: wording.T(r.Lang, "desk.state")}
	for _, s := range []cases.State{"", cases.Reviewing, cases.Stuck, cases.Supplying, cases.Filing, cases.Paying, cases.Recalling, cases.Refunding, cases.Done, cases.Refused} {
		tab := component.QueueTab{Text: wording.T(r.Lang, "desk.queue"), Href: "/console/cases", N: -1, On: s == state, Hot: s == cases.Stuck}
		if s != "" {
			tab.Text, tab.Href = wording.T(r.Lang, "state."+string(s)), "/console/cases?state="+string(s)
		}
		tabs.Items = append(tabs.Items, tab)
	}
	next := ""
	if len(list) == listed {
		last := list[listed-1]
		next = "/console/cases?state=" + string(state) + "&after=" + cursor.Cursor{At: clock.Millis(last.Updated), ID: last.ID}.String()
	}
	title := wording.T(r.Lang, "desk.queue")
	return render(w, r, http.StatusOK, c.frame(w, r, title).In(),
		queuePage(component.DeskHead{Title: title}, tabs, c.caseTable(r, "desk.queue", "desk.queue_empty", list), next))
}

func (c *Console) serviceName(one cases.Case, lang string) string {
	if o, ok := c.c.Catalogue.Pinned(one.City, one.Service, one.Version); ok {
		return o.Definition.Name.In(lang)
	}
	return one.Service
}
