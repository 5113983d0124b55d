package server

import (
	"context"
	"fmt"
	"time"

	"zhijian/domain/draw"
	"zhijian/domain/draw/record"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/seal"
	"zhijian/sandbox"
	"zhijian/store"
)

// demoDrawers are the people of Beijing who hold the demonstration's draws: user by department.
var demoDrawers = []struct{ slug, user string }{
	{"beijing-traffic-police", "beijing-plates"}, {"beijing-traffic-police", "beijing-plates-2"}, {"beijing-education", "beijing-schools"}, {"beijing-education", "beijing-schools-2"},
}

// demoSeedText is the invented public seed of the draw that is over.
const demoSeedText = "03 07 11 19 22 30 05"

// demoTerms are those of a draw of plates, all days from now.
func demoTerms(period string, now time.Time, opens, closes, moment int) record.Terms {
	return record.Terms{
		Title:  record.Text{Zh: period[:4] + " 年第 " + period[4:] + " 期小客车指标摇号（演示）", En: "Car quota draw " + period + " (demo)"},
		About:  record.Text{Zh: "普通小客车指标。有驾驶证、名下没有本市小客车的人可以报名，一人一个。演示数据，都是虚构的。", En: "Ordinary car quotas, for holders of a driving licence without a car here; one entry each. All of it is simulated."},
		Series: "beijing-plates", Period: period, Opens: record.Stamp(now.AddDate(0, 0, opens)), Closes: record.Stamp(now.AddDate(0, 0, closes)), Moment: record.Stamp(now.AddDate(0, 0, moment)),
		Source:  record.Text{Zh: "演示用的虚构开奖号码：六个红球从小到大，再加蓝球", En: "Invented lottery numbers: six red ones ascending, then the blue one"},
		Example: "01 02 03 04 05 06 07", Choices: 1, Places: []record.Place{{Code: "plate", Name: record.Text{Zh: "普通指标", En: "Ordinary quota"}, Count: 6}},
	}
}

func demoSchools(now time.Time) record.Terms {
	t := demoTerms(now.AddDate(0, 1, 0).In(clock.Shanghai).Format("200601"), now, -1, 14, 16)
	t.Title = record.Text{Zh: "初中入学摇号（演示）", En: "Draw for middle schools (demo)"}
	t.About = record.Text{Zh: "区教育局审核通过的小学毕业生，按志愿派位。演示数据，都是虚构的。", En: "For pupils whom the district has accepted, by their choices. All of it is simulated."}
	t.Series, t.Choices = "beijing-schools", 2
	t.Places = []record.Place{
		{Code: "east", Name: record.Text{Zh: "东城第一中学（演示）", En: "East No. 1 School (demo)"}, Count: 120},
		{Code: "west", Name: record.Text{Zh: "西城实验中学（演示）", En: "West School (demo)"}, Count: 80},
		{Code: "lake", Name: record.Text{Zh: "什刹海中学（演示）", En: "Lake School (demo)"}, Count: 40},
	}
	return t
}

// settleDraws holds a draw that is over, in which invented people took part, and announces two that are open. drawers are the members of staff
// in the order of demoDrawers.
func (h *House) settleDraws(ctx context.Context, people []sandbox.Person, drawers []actor.Actor) error {
	now := h.c.Clock.Now()
	then := clock.At(now.AddDate(0, 0, -40))
	g := grounds{h.rooms.department, h.rooms.account, h.rooms.sheet, h.facts.regions, h.facts.catalogue}
	s := store.Draws{DB: h.db, Ring: h.ring}
	desk, err := draw.New(draw.Config{Store: s, Entries: s, Grounds: g, Clock: then, IDs: h.ids})
	if err != nil {
		return err
	}
	old, err := desk.Announce(ctx, drawers[0], demoTerms(then.Now().In(clock.Shanghai).Format("200601"), then.Now(), 0, 20, 22))
	if err != nil {
		return err
	}
	for i, p := range people[:min(len(people), 24)] {
		in := draw.Entering{No: old.No, Key: fmt.Sprintf("demo/%s/%d", old.No, i), Person: seal.Plain(p.CitizenNumber), Phone: seal.Plain("+86" + p.Phone)}
		if _, err := desk.Enter(ctx, in); err != nil {
			return err
		}
	}
	then.Advance(old.Closes().Sub(then.Now()) + 5*time.Second)
	if err := desk.Close(ctx, old.No); err != nil {
		return err
	}
	then.Advance(old.Moment().Sub(then.Now()) + 10*time.Minute)
	for _, a := range drawers[:2] {
		if _, err := desk.Seed(ctx, a, old.No, demoSeedText); err != nil {
			return err
		}
	}
	if err := desk.Publish(ctx, old.No); err != nil {
		return err
	}
	if _, err := h.rooms.draw.Announce(ctx, drawers[0], demoTerms(now.AddDate(0, 1, 0).In(clock.Shanghai).Format("200601"), now, -1, 14, 16)); err != nil {
		return err
	}
	_, err = h.rooms.draw.Announce(ctx, drawers[2], demoSchools(now))
	return err
}
