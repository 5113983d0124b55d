package browser_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/testkit/house"
)

// The chains that the white paper tells, each as one resident walks it: service after service, each beginning with what the one before gave.

// through walks a service of Hangzhou to its end, with answers by name, and waits for offices and couriers by moving the clock on. It gives how
// the case ends, and what the pages said on which one waits.
func (w *window) through(id string, answers map[string]string) (end, waited string) {
	w.t.Helper()
	w.begin(id)
	ex := service.Example{Answers: map[string][]string{}}
	for name, v := range answers {
		ex.Answers[name] = []string{v}
	}
	for range pagesAtMost {
		v, done, stays := w.onward(ex)
		if w.status >= 400 || v.Kind == service.ViewProve {
			w.fail("walk "+id, errors.New("it does not go on"))
		}
		if done {
			return v.End, waited
		}
		if stays {
			waited += w.text()
			w.later()
		}
	}
	w.fail("walk "+id, errors.New("it does not end"))
	return "", ""
}

// at moves the clock to a time of a day.
func (w *window) at(day, hour string) {
	w.t.Helper()
	at, err := time.ParseInLocation(time.DateTime, day+" "+hour+":00", clock.Shanghai)
	if err != nil || !at.After(w.h.Clock.Now()) {
		w.t.Fatalf("%s %s: %v", day, hour, err)
	}
	w.h.Log.Expect("the lease of this shard")
	w.h.Clock.Advance(at.Sub(w.h.Clock.Now()))
}

// later moves the clock on, five minutes at a time, until the case that is waited for goes on, be it to the next thing to wait for. It lets the house act before it moves on again:
// what is to be paid waits for a quarter of an hour only.
func (w *window) later() {
	w.t.Helper()
	was := w.stands().Step
	for range 100 {
		w.h.Log.Expect("the lease of this shard")
		w.h.Clock.Advance(5 * time.Minute)
		if !w.waits(5) {
			return
		}
		if w.stands().Step != was {
			w.again()
			return
		}
	}
	w.fail("wait", errors.New("nobody outside does their part"))
}

// shown finds what a page says under a label, without spaces.
func (w *window) shown(label string) string {
	w.t.Helper()
	m := regexp.MustCompile(label + `\s*\n\s*([^\n]+)`).FindStringSubmatch(w.text())
	if m == nil {
		w.t.Fatalf("%s shows no %s:\n%s", w.path(), label, w.text())
	}
	return strings.ReplaceAll(m[1], " ", "")
}

// TestViolationChain: one looks a car up, accepts the decision, pays the fine, and the record is clear.
func TestViolationChain(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	const plate = "浙A12345"
	w := newWindow(t, h)
	who := h.Owner(t, plate)
	w.enter(who)
	car := map[string]string{"plate": "other", "other_plate": plate, "engine": who.Engines[plate], "hear": "nothing"}
	if end, _ := w.through("vehicle-violation-query", car); end != "mine" {
		t.Fatalf("the query ends at %s", end)
	}
	w.reads("有 1 条没有处理", "¥150.00")
	if end, _ := w.through("violation-self-handling", car); end != "done" {
		t.Fatalf("the handling ends at %s", end)
	}
	w.reads("处罚决定已经作出")
	w.press("去缴罚款")
	if end, _ := w.through("traffic-fine-payment", car); end != "done" {
		t.Fatalf("the payment ends at %s", end)
	}
	w.reads("处理完了", "¥150.00")
	w.reads("缴款编号", "票据号")
	if end, _ := w.through("vehicle-violation-query", car); end != "nothing" {
		t.Errorf("after paying the query ends at %s", end)
	}
	w.reads("没有未处理的违法记录")
}

// TestAccidentChain: photos and the place go to the police, who decide on liability; the insurer's number comes with the decision.
func TestAccidentChain(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	w := newWindow(t, h)
	who := h.Resident(t, "L4", 0)
	w.enter(who)
	end, _ := w.through("accident-quick-handling", map[string]string{
		"hurt": "no_one", "plate": who.Plates[0], "other_plate": "浙A66666", "place": "文三路口", "happened": "我直行，对方变道刮到车门",
	})
	if end != "done" {
		t.Fatalf("it ends at %s", end)
	}
	for _, label := range []string{"责任", "定责书号", "保险公司", "报案号"} {
		if w.shown(label) == "" {
			t.Errorf("there is no %s", label)
		}
	}
	w.reads("责任认定好了", "凭报案号找保险公司")
}

// TestMoveCarChain: the owner of a car in the way is told and answers; neither side sees the other's number.
func TestMoveCarChain(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	w := newWindow(t, h)
	who, owner := h.Resident(t, "L4", 0), h.Owner(t, "浙A12345")
	w.enter(who)
	end, _ := w.through("move-car-request", map[string]string{"plate": "浙A12345", "place": "演示小区 3 幢门口"})
	if end != "done" {
		t.Fatalf("it ends at %s", end)
	}
	w.reads("车主回应了")
	text := w.text()
	w.press("看办理进度")
	text += w.text()
	for _, phone := range []string{owner.Phone, who.Phone} {
		if strings.Contains(strings.ReplaceAll(text, " ", ""), phone) {
			t.Errorf("a phone number is shown:\n%s", text)
		}
	}
}

// TestExitEntryChain: an endorsement is applied for, paid when it is granted, and comes by parcel, which is followed to the door.
func TestExitEntryChain(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	w := newWindow(t, h)
	w.enter(h.Resident(t, "L4", 0))
	answers := map[string]string{"document": "C12345678", "area": "hk", "kind": "once", "address": "文三路 1 号 2 室"}
	end, waited := w.through("hk-macau-endorsement-renewal", answers)
	if end != "done" {
		t.Fatalf("it ends at %s", end)
	}
	w.reads("签注办好了", "¥15.00", "票据号", "有效期到")
	for _, part := range []string{"正在办", "已寄出，正在路上", "运单号"} {
		if !strings.Contains(waited, part) {
			t.Errorf("nothing says %q while one waits:\n%s", part, waited)
		}
	}
}

// TestHospitalChain: a doctor is booked and paid, on the day one sees the queue under the code of the booking, pays the bill, has the medicine brewed
// and brought, and reads the report.
func TestHospitalChain(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	w := newWindow(t, h)
	w.enter(h.Resident(t, "L4", 0))
	w.begin("hospital-registration")
	ex := service.Example{Answers: map[string][]string{"whom": {service.ForSelf}, "slot": {"T0900", "T0930"}}}
	for range pagesAtMost {
		if _, done, stays := w.onward(ex); done {
			break
		} else if stays {
			w.later()
		}
	}
	w.reads("约好了", "湖滨医院（演示）", "心血管内科", "付了")
	code := w.shown("取号码")
	if !strings.HasPrefix(code, "MZ") {
		t.Fatalf("the code is %s", code)
	}
	visit := w.shown("时间")
	day := h.Clock.Now().In(clock.Shanghai)
	for days := 0; !strings.HasPrefix(visit, day.Format("1月2日")); days++ {
		if day = day.AddDate(0, 0, 1); days > 7 {
			t.Fatalf("%s is not in a week", visit)
		}
	}
	w.at(day.Format(time.DateOnly), "08:50")
	end, _ := w.through("waiting-queue-status", map[string]string{"number": code})
	if end != "waiting" && end != "called" {
		t.Fatalf("the queue ends at %s", end)
	}
	w.reads("您的号", "心血管内科", "湖滨医院（演示）")
	if end, _ = w.through("outpatient-payment", nil); end != "done" {
		t.Fatalf("the bill ends at %s", end)
	}
	w.reads("票据号")
	end, waited := w.through("tcm-decoction-delivery", map[string]string{"receiver": "张小敏", "phone": "13800138011", "address": "文三路 1 号 2 室", "note": "怕苦"})
	if end != "done" {
		t.Fatalf("the medicine ends at %s", end)
	}
	for _, part := range []string{"药师正在审方", "正在煎药", "已寄出，正在路上", "运单号"} {
		if !strings.Contains(waited, part) {
			t.Errorf("nothing says %q while one waits:\n%s", part, waited)
		}
	}
	w.reads("药已经签收")
	if end, _ = w.through("medical-report-query", nil); end != "shown" {
		t.Fatalf("the report ends at %s", end)
	}
	w.reads("白细胞", "参考", "报告要请医生看")
}

// TestHallChain: an appointment at a hall, the check-in on the day, the ticket that is called at a window, and the rating after.
func TestHallChain(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	w := newWindow(t, h)
	who := h.Resident(t, "L4", 0)
	w.enter(who)
	before := h.SignIn(t, who)
	no := books(t, before, "20260530T0900")
	w.must("/cases/" + no)
	w.reads("约好了")
	w.at(saturday, "08:40")
	w.must("/cases/" + no + "/visit")
	w.press("我到了")
	w.reads("A001")
	d := newWindow(t, h)
	d.desk()
	d.must("/console/login")
	d.staffIn(staffOf(t, h, "suzhou-hall"))
	d.must("/console/queue")
	d.press("园区一站式服务中心")
	d.fill("window", "3 号窗口")
	d.press("叫下一位")
	d.reads("请 A001 到 3 号窗口")
	w.do("see where to go", chromedp.WaitVisible(seen("p", "轮到您了，请到 3 号窗口")))
	d.press("办完")
	w.must("/cases/" + no + "/visit")
	w.reads("办完了")
	w.press("评价")
	w.pick("level", "1")
	w.press("提交")
	w.reads("谢谢")
}
