package server_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/testkit/house"
)

// toOwnSlots chooses a hall of Suzhou, whose counters the house keeps itself; the page then asks for a time.
func (p person) toOwnSlots(hall string) (no string) {
	p.t.Helper()
	if err := p.Start(p.t.Context(), "suzhou-js", "hall-appointment"); err != nil {
		p.t.Fatal(err)
	}
	no = p.CaseNo()
	p.submit(map[string]string{"hall": hall})
	p.submit(map[string]string{"matter": p.offered("matter")[0]})
	return no
}

// TestVisit is an appointment at a counter that the house keeps: booked, moved to another time, checked in on the day, watched live, called, served
// and rated; staff run the queue in the console.
func TestVisit(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		p := resident(t, h, h.Resident(t, "L4", 0))
		no := p.toOwnSlots("320500-h3") // open at weekends too
		p.reads("开始前 60 分钟起可以签到", "40% 现场取")
		p.choosesSlot("T0900")
		p.ends("约好了", "取号码")
		p.follow("改时间")
		p.reads("新的时间约上以后，原来的才放回")
		moved := ""
		for _, id := range p.offered("slot") {
			if strings.HasSuffix(id, "T1030") {
				moved = id
			}
		}
		p.submit(map[string]string{"slot": moved})
		p.reads("时间改好了", "10:30–11:00")
		p.get("/cases/" + no + "/calendar.ics")
		first := string(p.Page.Body)
		if !strings.Contains(first, "DTSTART;TZID=Asia/Shanghai:"+strings.Replace(moved, "T", "T", 1)+"00\r\n") || !strings.Contains(first, "STATUS:CONFIRMED") {
			t.Errorf("calendar %s", first)
		}
		p.open("/cases/" + no + "/visit")
		p.reads("还没到签到的时间", "预约码")

		at, err := time.ParseInLocation("20060102T1504", moved, clock.Shanghai)
		if err != nil {
			t.Fatal(err)
		}
		h.Clock.Advance(at.Add(-50 * time.Minute).Sub(h.Clock.Now()))
		q := tappedResident(t, h, h.Resident(t, "L4", 0))
		p = q.person
		p.open("/cases/" + no + "/visit")
		p.reads("到了吗")
		p.submit(nil)
		p.reads("已签到", "A001", "下一位就是您")

		stop, line := q.listens("/cases/" + no + "/visit/turn")
		defer stop()
		if got := line(); !strings.Contains(got, `"state":"arrived"`) {
			t.Fatalf("first event %q", got)
		}
		s := visitor(t, h)
		s.staffIn("suzhou-hall")
		s.open("/console/queue")
		s.follow("园区一站式服务中心")
		s.reads("A001")
		s.send("/next", map[string]string{"window": "3 号窗口"})
		s.reads("3 号窗口")
		if got := line(); !strings.Contains(got, `"state":"called"`) || !strings.Contains(got, "3 号窗口") {
			t.Fatalf("second event %q", got)
		}
		p.open("/cases/" + no + "/visit")
		p.reads("请到 3 号窗口")
		s.send("/draw", nil)
		s.reads("B002")
		s.send("/next", map[string]string{"window": "3 号窗口"})
		p.until("/cases/"+no+"/visit", "办完了")
		p.open("/cases/" + no + "/rate")
		p.submit(map[string]string{"level": "5"})
		p.open("/cases/" + no)
		p.reads("已签到，号码 A001", "叫到 A001", "窗口办完了", "您评价了")
		p.open("/me/messages")
		p.reads("叫到您的号了")

		// Another department has no part in it.
		o := visitor(t, h)
		o.staffIn("traffic-police")
		o.get("/console/queue")
		if strings.Contains(o.Page.Text, "园区一站式服务中心") {
			t.Error("another department sees the counter")
		}
		o.get("/console/queue/320500-h3")
		o.status(http.StatusNotFound)
	})
}

// listens opens a stream of server-sent events and gives what each says.
func (p thief) listens(path string) (stop func(), next func() string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), house.Patience)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.h.Ready.BaseURL+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Cookie", p.tap.cookies)
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") || res.Header.Get("Content-Encoding") != "" {
		p.t.Fatalf("stream: %d %v", res.StatusCode, res.Header)
	}
	in := bufio.NewScanner(res.Body)
	next = func() string {
		for in.Scan() {
			if data, ok := strings.CutPrefix(in.Text(), "data: "); ok {
				return data
			}
		}
		return ""
	}
	return func() { cancel(); _ = res.Body.Close() }, next
}

// TestCalledOff: the department calls an appointment off; its resident hears of it, and the calendar takes it out.
func TestCalledOff(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	p := resident(t, h, h.Resident(t, "L4", 1))
	no := p.toOwnSlots("320500-h1")
	p.choosesSlot("T1000")
	p.ends("约好了")
	s := visitor(t, h)
	s.staffIn("operator")
	s.open("/console/queue/320500-h1?date=" + dateOf(p, no))
	s.send("/cancel", nil)
	p.until("/cases/"+no, "部门取消了这次预约")
	p.get("/cases/" + no + "/calendar.ics")
	for _, want := range []string{"METHOD:CANCEL\r\n", "STATUS:CANCELLED\r\n"} {
		if !strings.Contains(string(p.Page.Body), want) {
			t.Errorf("the calendar lacks %q", want)
		}
	}
	// Nobody else can have the file, check in, or listen (security.md T45).
	for who, other := range map[string]person{"another resident": resident(t, h, h.Resident(t, "L4", 2)), "a visitor": visitor(t, h)} {
		for _, path := range []string{"/calendar.ics", "/visit", "/visit/turn", "/move"} {
			other.get("/cases/" + no + path)
			if other.Page.Status == http.StatusOK && other.Page.URL.Path == "/cases/"+no+path {
				t.Errorf("%s gets %s", who, path)
			}
		}
	}
}

// dateOf is the day of a case's appointment.
func dateOf(p person, no string) string {
	p.t.Helper()
	p.get("/cases/" + no + "/calendar.ics")
	_, rest, ok := strings.Cut(string(p.Page.Body), "DTSTART;TZID=Asia/Shanghai:")
	if !ok || len(rest) < 8 {
		p.t.Fatalf("no appointment: %s", p.Page.Body)
	}
	return rest[:4] + "-" + rest[4:6] + "-" + rest[6:8]
}
