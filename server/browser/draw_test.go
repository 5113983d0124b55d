package browser_test

import (
	"fmt"
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/testkit/house"
)

// TestDrawInABrowser walks a draw from its announcement over an entry to its result, as its department, a resident and everybody see it.
// GALLERY keeps pictures.
func TestDrawInABrowser(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	a := newAlbum(t)
	now := h.Clock.Now().In(clock.Shanghai)
	at := func(d time.Duration) string { return now.Add(d).Format("2006-01-02 15:04") }

	d := newWindow(t, h)
	d.withAxe()
	d.desk()
	d.must("/console/login")
	d.staffIn(staffOf(t, h, "beijing-plates"))
	d.must("/console/draws")
	a.takeDesk(d, "console-draws")
	d.press("公布一次摇号")
	a.takeDesk(d, "console-draw-new")
	d.press("公布")
	d.reads("请写六位数字")
	a.takeDesk(d, "console-draw-wrong")
	for name, value := range map[string]string{
		"period": "202605", "title": "2026 年第 05 期小客车指标摇号（演示）", "title_en": "Car quota draw 202605 (demo)", "about": "有驾驶证、名下没有车的人", "about_en": "Holders of a licence without a car",
		"places": "plate | 1 | 普通指标 | Ordinary quota", "choices": "1", "opens": at(-time.Hour), "closes": at(time.Hour), "moment": at(2 * time.Hour),
		"source": "当晚双色球开奖号码（演示）", "source_en": "That evening's lottery (demo)", "example": "01 02 03 04 05 06 07",
	} {
		d.into(name, value)
	}
	d.press("公布")
	d.reads("正在报名")
	a.takeDesk(d, "console-draw-open")
	draw := d.path()[len("/console"):]

	w := newWindow(t, h)
	w.withAxe()
	w.enter(h.Resident(t, "L4", 1))
	w.must("/city/beijing/services/car-plate-lottery-query")
	a.take(w, "draw-service")
	w.press("开始")
	w.pick("matter", "enter")
	w.press("下一步")
	w.fill("licence", "110000000018")
	w.press("下一步")
	w.reads("请核对报名")
	a.take(w, "draw-check")
	w.press("报名")
	w.reads("等摇号")
	a.take(w, "draw-waiting")
	mine := w.path()
	w.must("/draws")
	a.take(w, "draws")
	w.must(draw)
	w.reads("您已经报名")
	a.take(w, "draw-open")
	w.press("您已经报名")
	w.press("退出摇号")
	w.reads("要退出摇号吗")
	a.take(w, "draw-leave")
	w.press("不撤回，接着办")

	h.Clock.Advance(2*time.Hour + time.Minute)
	h.Until(t, "the list is published", func() bool { return w.says(draw, "名单的校验值") })
	w.reads("到时间了，还没有摇")
	a.take(w, "draw-overdue")
	for i, user := range []string{"beijing-plates", "beijing-plates-2"} {
		s := newWindow(t, h)
		s.withAxe()
		s.desk()
		s.must("/console/login")
		s.staffIn(staffOf(t, h, user))
		s.must("/console" + draw)
		s.fill("seed", "03 05 08 13 21 30 07")
		a.takeDesk(s, "console-draw-seed-"+user)
		s.press("输入好了")
		if i == 1 {
			h.Until(t, "it is drawn", func() bool { return w.says(draw, "中签率") })
			s.must("/console" + draw)
			a.takeDesk(s, "console-draw-over")
		}
	}
	w.must(draw + "?entry=2026050000001")
	w.reads("中签：普通指标", "100.0%")
	a.take(w, "draw-over")
	w.open(draw + "?entry=7")
	w.reads("名单里没有这个报名号")
	a.take(w, "draw-unknown")
	h.Clock.Advance(16 * time.Minute)
	h.Until(t, "the resident is told", func() bool { return w.says(mine, "中签了") })
	a.take(w, "draw-won")
}

// says loads a page and reports whether it says something.
func (w *window) says(path, says string) bool {
	w.t.Helper()
	w.open(path)
	return js[bool](w, fmt.Sprintf(`document.body.innerText.includes(%q)`, says))
}
