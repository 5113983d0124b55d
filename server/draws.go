package server

import (
	"context"
	"slices"
	"strings"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/draw"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/store"
)

// openDraws makes the desk of draws.
func (h *House) openDraws(g grounds) (err error) {
	s := store.Draws{DB: h.db, Ring: h.ring}
	h.rooms.draw, err = draw.New(draw.Config{Store: s, Entries: s, Grounds: g, Clock: h.c.Clock, IDs: h.ids})
	return err
}

// drawSystem is the name of the house among the systems where it draws: a city pack binds an office to it, with the series and the
// department's slug under `fixed`.
const drawSystem = "draws"

// Draws implements draw.Grounds: a department draws for the offices that the pack of its city binds to the house in its name.
func (g grounds) Draws(ctx context.Context, department int64) (draw.Ground, error) {
	dep, err := g.departments.Department(ctx, department)
	if err != nil {
		return draw.Ground{}, err
	}
	city, _ := g.regions.City(dep.Region)
	out := draw.Ground{City: city.Code, Name: dep.Name}
	pack, ok := g.catalogue.City(city.Code)
	if !ok {
		return out, nil
	}
	for _, o := range pack.Offices {
		code, _ := o.Fixed["series"].(string)
		if o.System == drawSystem && o.Fixed["department"] == dep.Slug && code != "" && !slices.ContainsFunc(out.Series, func(s draw.Series) bool { return s.Code == code }) {
			out.Series = append(out.Series, draw.Series{Code: code, Name: o.Name.Zh})
		}
	}
	slices.SortFunc(out.Series, func(a, b draw.Series) int { return strings.Compare(a.Code, b.Code) })
	return out, nil
}

// lots is what cases ask: the house where it draws itself, everybody else outside.
type lots struct {
	cases.Office
	draw  *draw.Desk
	clock clock.Clock
}

// Down says since when a system does not answer; the house always does.
func (l lots) Down(system string) (time.Time, bool) {
	if system == drawSystem {
		return time.Time{}, false
	}
	return l.Office.Down(system)
}

// Call answers for the house, or asks outside. Its calls are those of an office that takes applications, so that one definition serves
// draws in the house and draws elsewhere.
func (l lots) Call(ctx context.Context, system, call, key string, with map[string]any) (map[string]any, error) {
	if system != drawSystem {
		return l.Office.Call(ctx, system, call, key, with)
	}
	switch call {
	case "draws.open":
		return l.open(ctx, with)
	case "cases.file":
		return l.enter(ctx, key, with)
	case "cases.settled":
		return l.entered(ctx, named(with, "series"), key)
	case "cases.void":
		was, err := l.draw.Void(ctx, key)
		if f := fault.Of(err); f != nil && f.Code == "draw.shut" {
			return nil, fault.Conflict("office.refused", "%s", "这次报名已经截止，不能退出摇号")
		}
		return map[string]any{"voided": err == nil, "was_settled": was}, err
	case "cases.progress":
		return l.progress(ctx, with)
	case "draw.of":
		return l.drawOf(ctx, with)
	}
	return nil, fault.Unavailable("office.down", "没有这样的查询")
}

// open tells what of a series can be entered now, and whether the asker has.
func (l lots) open(ctx context.Context, with map[string]any) (map[string]any, error) {
	one, ok, err := l.draw.Current(ctx, named(with, "series"))
	if err != nil || !ok {
		return map[string]any{"known": false}, err
	}
	places := []any{}
	for _, p := range one.Terms.Places {
		places = append(places, map[string]any{"code": p.Code, "name": p.Name.Zh, "count": int64(p.Count)})
	}
	out := map[string]any{
		"known": true, "open": one.Phase(l.clock.Now()) == draw.Open, "draw": one.No, "title": one.Terms.Title.Zh, "about": one.Terms.About.Zh, "opens": stamp(one.Opens()), "closes": stamp(one.Closes()),
		"moment": stamp(one.Moment()), "count": int64(one.Places()), "entries": int64(one.Last), "choices": int64(one.Terms.Choices), "places": places, "entered": "", "as_of": stamp(l.clock.Now()),
	}
	e, has, err := l.draw.Of(ctx, one, person(with))
	if has {
		out["entered"] = one.Code(e.Number)
	}
	return out, err
}

// person is who enters: a child where the filing is about one.
func person(with map[string]any) seal.Text {
	if child := named(with, "child_number"); child != "" {
		return seal.Plain(child)
	}
	return seal.Plain(named(with, "citizen_number"))
}

// enter takes a filing as an entry.
func (l lots) enter(ctx context.Context, key string, with map[string]any) (map[string]any, error) {
	in := draw.Entering{No: named(with, "draw"), Key: key, Person: person(with), Phone: seal.Plain(named(with, "phone"))}
	for _, name := range []string{"first", "second", "third"} {
		if code := named(with, name); code != "" {
			in.Choices = append(in.Choices, code)
		}
	}
	one, err := l.draw.Draw(ctx, in.No)
	if err == nil && one.Terms.Series != named(with, "series") {
		err = draw.NoEntry()
	}
	var e draw.Entry
	if err == nil {
		e, err = l.draw.Enter(ctx, in)
	}
	switch f := fault.Of(err); {
	case err == nil:
		return filed(one, e), nil
	case f != nil && f.Kind == fault.KindConflict:
		return nil, fault.Conflict("office.refused", "%s", f.Public)
	case fault.Is(err, fault.KindNotFound):
		return nil, fault.Conflict("office.refused", "%s", "没有这次摇号")
	}
	return nil, err
}

func filed(one draw.Draw, e draw.Entry) map[string]any {
	return map[string]any{"no": one.Code(e.Number), "filed_at": stamp(e.Created)}
}

// entered says whether a filing took effect.
func (l lots) entered(ctx context.Context, series, key string) (map[string]any, error) {
	e, voided, err := l.draw.Made(ctx, key)
	if fault.Is(err, fault.KindNotFound) || voided {
		return map[string]any{"settled": false, "voided": voided}, nil
	}
	if err != nil {
		return nil, err
	}
	one, err := l.draw.Holding(ctx, series, e)
	if err != nil {
		return nil, err
	}
	out := filed(one, e)
	out["settled"], out["voided"] = true, false
	return out, nil
}

// progress tells how far an entry is, with what its person needs to check it.
func (l lots) progress(ctx context.Context, with map[string]any) (map[string]any, error) {
	found, _, err := l.draw.ByCode(ctx, named(with, "series"), named(with, "no"), seal.Text{})
	if fault.Is(err, fault.KindNotFound) {
		return map[string]any{"known": false}, nil
	}
	if err != nil {
		return nil, err
	}
	one, e := found.Draw, found.Entry
	phase := one.Phase(l.clock.Now())
	out := map[string]any{
		"known": true, "state": "taken", "stage": stages[phase], "phase": string(phase), "more": "", "reason": one.Course.Reason, "draw": one.No, "line": e.Blind, "secret": e.Nonce.Reveal(),
		"moment": stamp(one.Moment()), "turn": int64(e.Turn), "entries": int64(one.Course.Entries), "count": int64(one.Places()), "place": "", "as_of": stamp(l.clock.Now()),
	}
	switch {
	case e.State == draw.Withdrawn:
		out["state"], out["reason"] = "refused", "报名已经取消"
	case phase == draw.Off:
		out["state"] = "refused"
	case phase == draw.Over && e.Place != "":
		p, _ := one.Place(e.Place)
		out["state"], out["place"] = "accepted", p.Name.Zh
	case phase == draw.Over:
		out["state"], out["reason"] = "refused", "没有中签"
	}
	return out, nil
}

// stages says in the office's words how far a draw is.
var stages = map[draw.Phase]string{
	draw.Soon: "报名还没有开始", draw.Open: "报名中", draw.Closing: "报名截止，正在公布名单", draw.Closed: "名单已公布，等待摇号", draw.Overdue: "到了摇号时间，还没有摇",
	draw.Drawing: "正在公布结果", draw.Over: "已经摇号", draw.Off: "已经取消",
}

// drawOf answers whoever entered, by code and phone, as the plate office does.
func (l lots) drawOf(ctx context.Context, with map[string]any) (map[string]any, error) {
	found, owned, err := l.draw.ByCode(ctx, named(with, "series"), named(with, "number"), seal.Plain(named(with, "phone")))
	if fault.Is(err, fault.KindNotFound) || err == nil && !owned { // what is not there and what is not theirs look alike
		return map[string]any{"known": false}, nil
	}
	if err != nil {
		return nil, err
	}
	one, e := found.Draw, found.Entry
	phase := one.Phase(l.clock.Now())
	period := one.Terms.Period[:4] + "-" + one.Terms.Period[4:]
	pool := one.Course.Entries
	if pool == 0 {
		pool = one.Last
	}
	out := map[string]any{
		"known": true, "valid": e.State == draw.Entered && phase != draw.Off, "drawn": phase == draw.Over, "won": e.Place != "", "period": period, "pool": int64(pool),
		"winners": int64(one.Places()), "next": one.Moment().In(clock.Shanghai).Format(time.DateOnly), "draws": []any{}, "draw": one.No, "as_of": stamp(l.clock.Now()),
	}
	if phase == draw.Over {
		out["winners"] = int64(one.Course.Winners)
		out["draws"] = []any{map[string]any{"period": period, "won": e.Place != ""}}
		next, ok, err := l.draw.Current(ctx, one.Terms.Series)
		if err != nil {
			return nil, err
		}
		out["next"] = ""
		if ok && next.Moment().After(l.clock.Now()) {
			out["next"] = next.Moment().In(clock.Shanghai).Format(time.DateOnly)
		}
	}
	return out, nil
}

func stamp(t time.Time) string { return t.In(clock.Shanghai).Format(time.RFC3339) }
