package sheet

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ground/tabular"
)

// The calls that a sheet answers.
const (
	CallFind  = "rows.find"  // by all key columns
	CallSlots = "slots.list" // by all key columns, if any: the times that are still to come
)

// Ask answers a question to a sheet as an office does, with as_of, the moment since when this table has answered.
//
// CallFind gives known, and of the row with the key every column that is told by its name; when keys are not unique the rows are
// in items. CallSlots gives slots as a booking step wants them; times that a former generation had and this one lacks come without
// places, so that they can no longer be booked.
//
// Times are told only for the key columns and nothing else, each spelled as its rows are kept: booking names its stock after what is asked
// (service.SheetPrefix), and one time under two spellings would be sold twice.
//
// A sheet that is not there or has no rows yet is fault.Unavailable "office.absent". ok is false for a call that no sheet knows.
func (d *Desk) Ask(ctx context.Context, slug, call string, with map[string]any) (data map[string]any, ok bool, err error) {
	defer fault.Wrap(&err, "ask sheet %q", slug)
	s, err := d.c.Store.Sheet(ctx, slug)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return nil, true, err
	}
	g, live := s.Answering()
	if !live {
		return nil, true, fault.Unavailable("office.absent", "这个部门的表格还没有启用")
	}
	switch {
	case call == CallFind && g.Shape.Slots == nil:
		data, err = d.find(ctx, g, with)
	case call == CallSlots && g.Shape.Slots != nil && len(with) == len(g.Shape.Keys()):
		data, err = d.slots(ctx, s, g, with)
	default:
		return nil, false, nil
	}
	if err == nil {
		data["as_of"] = g.Since.In(clock.Shanghai).Format("2006-01-02T15:04:05-07:00")
	}
	return data, true, err
}

func (d *Desk) find(ctx context.Context, g Generation, with map[string]any) (map[string]any, error) {
	key, ok := g.Shape.Asked(with, d.c.Clock.Now())
	var rows []map[string]any
	if ok {
		var err error
		if rows, err = d.c.Rows.Find(ctx, g.Table, key); err != nil {
			return nil, err
		}
	}
	told := make([]any, 0, len(rows))
	for _, row := range rows {
		told = append(told, answers(g.Shape, row))
	}
	if !g.Shape.Unique {
		return map[string]any{"known": len(told) > 0, "items": told}, nil
	}
	if len(told) == 0 {
		return map[string]any{"known": false}, nil
	}
	data := told[0].(map[string]any)
	data["known"] = true
	return data, nil
}

// answers gives of a row what is told.
func answers(shape tabular.Shape, row map[string]any) map[string]any {
	out := map[string]any{}
	for _, c := range shape.Answers() {
		if v, ok := row[c.Name]; ok {
			out[c.Name] = v
		}
	}
	return out
}

// mostSlots bounds one answer; a booking step takes no more.
const mostSlots = 2000

func (d *Desk) slots(ctx context.Context, s Sheet, g Generation, with map[string]any) (map[string]any, error) {
	slots, err := d.slotsOf(ctx, g, with)
	if err != nil {
		return nil, err
	}
	had := map[string]bool{}
	for _, x := range slots {
		had[x.id] = true
	}
	for _, former := range s.Generations {
		if former.Number == g.Number || former.Since.IsZero() || former.Shape.Slots == nil {
			continue
		}
		old, err := d.slotsOf(ctx, former, with)
		if err != nil {
			return nil, err
		}
		for _, x := range old {
			if !had[x.id] {
				had[x.id], x.places = true, 0
				slots = append(slots, x)
			}
		}
	}
	slices.SortFunc(slots, func(a, b slot) int { return strings.Compare(a.id, b.id) })
	list := make([]any, 0, len(slots))
	for _, x := range slots[:min(len(slots), mostSlots)] {
		list = append(list, map[string]any{
			"id": x.id, "start": x.start.Format(time.RFC3339), "end": x.end.Format(time.RFC3339), "capacity": x.places,
		})
	}
	return map[string]any{"slots": list}, nil
}

// slot is one time with places. Its id is its time, so that it stays the same from one upload to the next.
type slot struct {
	id         string
	start, end time.Time
	places     int64
}

// slotsOf gives the times of a generation that are to come.
func (d *Desk) slotsOf(ctx context.Context, g Generation, with map[string]any) (list []slot, err error) {
	var rows []map[string]any
	if len(g.Shape.Keys()) == 0 {
		rows, err = d.c.Rows.All(ctx, g.Table)
	} else if key, ok := g.Shape.Asked(with, d.c.Clock.Now()); ok && spelled(g.Shape, with, key) {
		rows, err = d.c.Rows.Find(ctx, g.Table, key)
	}
	now := d.c.Clock.Now()
	for _, row := range rows {
		if x, ok := slotOf(*g.Shape.Slots, row); ok && x.start.After(now) {
			list = append(list, x)
		}
	}
	return list, err
}

// spelled reports whether the values asked by name the stock of the key and no second one: "2026-6-1" is the day 2026-06-01, and another
// name.
func spelled(shape tabular.Shape, with map[string]any, key []string) bool {
	for i, c := range shape.Keys() {
		if format.Alike(fmt.Sprint(with[c.Name])) != key[i] {
			return false
		}
	}
	return true
}

func slotOf(sh tabular.Slots, row map[string]any) (slot, bool) {
	day, _ := row[sh.Day].(string)
	from, _ := row[sh.Start].(string)
	places, _ := row[sh.Places].(int64)
	start, err := time.ParseInLocation("2006-01-02 15:04", day+" "+from, clock.Shanghai)
	if err != nil {
		return slot{}, false
	}
	end := start.Add(time.Duration(sh.Minutes) * time.Minute)
	if sh.End != "" {
		until, _ := row[sh.End].(string)
		if end, err = time.ParseInLocation("2006-01-02 15:04", day+" "+until, clock.Shanghai); err != nil {
			return slot{}, false
		}
	}
	return slot{start.Format("20060102T1504"), start, end, places}, true
}
