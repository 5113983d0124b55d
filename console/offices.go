package console

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhijian/door"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

const officesPath = "/console/offices"

// OfficeHealth is how one system outside has done since this process began.
type OfficeHealth struct {
	System string
	// Kind is the language it speaks; empty for one that is not connected.
	Kind                                  string
	Calls, Failures, Refusals, TurnedAway int64
	P50, P95                              time.Duration // of the last calls
	LastSuccess                           time.Time
	Open                                  bool      // nobody is let through
	Since                                 time.Time // when the failing began; zero while the last answer was good
	Out, Most                             int       // questions that are out, and that may be
	// Quotas are what may still be sent.
	Quotas []OfficeQuota
}

// OfficeQuota is one bound on what is sent to a system.
type OfficeQuota struct {
	Day         bool // of the day; otherwise of the minute
	Limit, Left int
}

// Offices tells how the systems outside do.
type Offices interface {
	Health(ctx context.Context) ([]OfficeHealth, error)
}

func (c *Console) officeRoutes() []door.Route {
	return []door.Route{{Method: http.MethodGet, Path: officesPath, About: "how the departments' systems do", Access: door.OperatorOnly, Handler: c.offices}}
}

// urgency orders the systems: those that are away first, then those that are used.
func (h OfficeHealth) urgency() int {
	switch {
	case h.Open:
		return 3
	case !h.Since.IsZero():
		return 2
	case h.Calls > 0:
		return 1
	}
	return 0
}

// offices lists the systems.
func (c *Console) offices(w http.ResponseWriter, r *door.Request) error {
	list, err := c.c.Offices.Health(r.Context())
	if err != nil {
		return err
	}
	t := table(r, "desk.offices", "desk.offices_none", "desk.office", "desk.state", "desk.office_calls", "desk.office_failures", "desk.office_took", "desk.office_success", "desk.office_quota")
	for _, i := range []int{2, 3, 4} {
		t.Columns[i].Right = true
	}
	slices.SortStableFunc(list, func(a, b OfficeHealth) int { return b.urgency() - a.urgency() })
	names := c.officeNames(r.Lang)
	for i := range list {
		t.Rows = append(t.Rows, c.officeRow(r, &list[i], names[list[i].System]))
	}
	head := component.DeskHead{Title: word(r, "desk.offices"), Sub: word(r, "desk.offices_sub")}
	return render(w, r, http.StatusOK, c.frame(w, r, head.Title).In(), officesView(head, t))
}

// officeNames are what the cities call the systems that they bind, by system; one that several cities share has a name of each.
func (c *Console) officeNames(lang string) map[string][]string {
	names := map[string][]string{}
	for _, code := range c.c.Catalogue.Cities() {
		pack, ok := c.c.Catalogue.City(code)
		if !ok {
			continue
		}
		for _, word := range slices.Sorted(maps.Keys(pack.Offices)) {
			o := pack.Offices[word]
			if name := o.Name.In(lang); name != "" && !slices.Contains(names[o.System], name) {
				names[o.System] = append(names[o.System], name)
			}
		}
	}
	return names
}

// mostNames of a shared system stand in its line.
const mostNames = 2

func (c *Console) officeRow(r *door.Request, h *OfficeHealth, names []string) component.TableRow {
	now := c.c.Clock.Now()
	state := component.Tag{Text: word(r, "desk.office_good"), Tone: component.OK}
	switch {
	case h.Kind == "":
		state = component.Tag{Text: word(r, "desk.office_absent")}
	case h.Open:
		state = component.Tag{Text: word(r, "desk.office_open"), Tone: component.Danger}
	case !h.Since.IsZero():
		state = component.Tag{Text: word(r, "desk.office_failing"), Tone: component.Warn}
	case h.Calls == 0:
		state = component.Tag{Text: word(r, "desk.office_unasked")}
	}
	since := ""
	if !h.Since.IsZero() {
		since = word(r, "desk.office_since", say.Moment(r.Lang, h.Since, now))
	}
	last := ""
	if !h.LastSuccess.IsZero() {
		last = say.Moment(r.Lang, h.LastSuccess, now)
	}
	took, busy := "", ""
	if h.Calls > 0 {
		took = millis(h.P50) + " / " + millis(h.P95)
	}
	if h.Out > 0 || h.TurnedAway > 0 {
		busy = word(r, "desk.office_busy", h.Out, h.Most, say.Digits(h.TurnedAway))
	}
	return component.TableRow{Cells: []component.Cell{
		officeCell(r, h, names),
		{Body: state, Small: since},
		{Text: say.Digits(h.Calls), Small: busy},
		{Text: say.Digits(h.Failures), Small: word(r, "desk.office_refusals", say.Digits(h.Refusals))},
		{Text: took},
		{Text: last},
		{Text: quotasOf(r, h.Quotas)},
	}}
}

// officeCell names a system as residents know it, with the house's own word for it beside. One that no city binds has only that.
func officeCell(r *door.Request, h *OfficeHealth, names []string) component.Cell {
	if len(names) == 0 {
		return component.Cell{Text: h.System, Small: h.Kind}
	}
	text := strings.Join(names[:min(len(names), mostNames)], word(r, "desk.office_and"))
	if more := len(names) - mostNames; more > 0 {
		text = word(r, "desk.office_more", text, len(names), more)
	}
	return component.Cell{Text: text, Small: strings.TrimSuffix(h.System+" · "+h.Kind, " · ")}
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) + " ms" }

func quotasOf(r *door.Request, list []OfficeQuota) string {
	var parts []string
	for _, q := range list {
		key := "desk.office_minute"
		if q.Day {
			key = "desk.office_day"
		}
		parts = append(parts, word(r, key, say.Digits(int64(q.Left)), say.Digits(int64(q.Limit))))
	}
	if len(parts) == 0 {
		return word(r, "desk.office_unbound")
	}
	return strings.Join(parts, "　")
}
