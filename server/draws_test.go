package server_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"zhijian/domain/draw/record"
	"zhijian/ground/clock"
	"zhijian/server"
	"zhijian/testkit/house"
)

// announces publishes a draw of plates that closes in an hour and is drawn half an hour later, and gives its number.
func (p person) announces(places int) string {
	p.t.Helper()
	now := p.h.Clock.Now().In(clock.Shanghai)
	at := func(d time.Duration) string { return now.Add(d).Format("2006-01-02 15:04") }
	p.open("/console/draws/new")
	p.send("/console/draws/new", map[string]string{
		"series": "beijing-plates", "period": "202605", "title": "第五期小客车指标摇号", "title_en": "Car quota draw no. 5", "about": "有驾驶证的人可以报名", "about_en": "For holders of a licence",
		"places": fmt.Sprintf("plate | %d | 普通指标 | Ordinary quota", places), "choices": "1", "opens": at(-time.Hour), "closes": at(time.Hour), "moment": at(90 * time.Minute),
		"source": "当晚双色球开奖号码", "source_en": "That evening's lottery", "example": "01 02 03 04 05 06 07",
	})
	p.status(http.StatusOK)
	p.reads("第五期小客车指标摇号", "正在报名")
	return p.Page.URL.Path[strings.LastIndex(p.Page.URL.Path, "/")+1:]
}

// enters enters the draw of plates that is open in Beijing, and gives the case's path.
func (p person) enters() string {
	p.t.Helper()
	p.wants()
	p.until(p.Page.URL.Path, "报名截止")
	return "/cases/" + p.CaseNo()
}

var secretNumber = regexp.MustCompile(`[0-9a-f]{64}`)

// TestDraw: a department announces a draw, two residents enter, the list is published, two members of staff type the seed, each resident
// is told what came of it, and whoever downloads the record comes to the same.
func TestDraw(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		staff := visitor(t, h)
		staff.staffIn("beijing-plates")
		no := staff.announces(1)
		who := []server.ResidentLogin{h.Resident(t, "L4", 1), h.Resident(t, "L4", 2)}
		people := []person{resident(t, h, who[0]), resident(t, h, who[1])}
		var paths []string
		for _, p := range people {
			path := p.enters()
			p.reads("第五期小客车指标摇号")
			p.submit(nil)
			p.until(path, "等摇号")
			paths = append(paths, path)
		}
		twice := people[0]
		twice.wants()
		twice.until(twice.Page.URL.Path, "您已经报过名")
		public := visitor(t, h)
		public.open("/draws/" + no)
		public.reads("正在报名", "规则的校验值")
		if strings.Contains(public.Page.Text, "名单的校验值") {
			t.Error("the list is told of before it is made")
		}

		h.Clock.Advance(time.Hour + time.Second)
		public.until("/draws/"+no, "名单的校验值")
		public.reads("等待摇号")
		before, err := record.Verify(download(t, h, no))
		if err != nil || before.Seed != nil || len(before.List.Entries) != 2 {
			t.Fatalf("the list: %v", err)
		}
		h.Clock.Advance(30 * time.Minute)
		public.open("/draws/" + no)
		public.reads("到时间了，还没有摇", "还没有输入公开种子")

		types(t, h, "beijing-plates", no, "03 05 08 13 21 30 07", "您输入过了")
		types(t, h, "beijing-plates-2", no, "03 05 08 13 21 30 08", "两个人输入的不一样")
		types(t, h, "beijing-plates-2", no, "03 05 08 13 21 30 07", "您输入过了")
		types(t, h, "beijing-plates", no, "03 05 08 13 21 30 07", "")
		public.until("/draws/"+no, "2 人参加，1 人中签")
		file := download(t, h, no)
		r, err := record.Verify(file)
		if err != nil || r.List.Hash != before.List.Hash || r.List.House != before.List.House || r.TermsHash != before.TermsHash {
			t.Fatalf("the record: %v", err)
		}
		if _, err := record.Verify(bytes.Replace(file, []byte(`"place":"plate"`), []byte(`"place":""`), 1)); err == nil {
			t.Error("a record without its winner passes")
		}
		h.Clock.Advance(16 * time.Minute)
		won := 0
		for i, p := range people {
			p.until(paths[i], "只有您知道的数")
			p.until(paths[i], "签")
			x, _ := r.Result(i + 1)
			if x.Place != "" {
				won++
				p.until(paths[i], "中签了")
			} else {
				p.until(paths[i], "没有中签")
			}
			line, _ := r.Entry(i + 1)
			found := secretNumber.FindAllString(p.Page.Text, -1)
			if len(found) != 2 || found[0] != line.Blind || record.Blind(no, i+1, who[i].CitizenNumber, found[1]) != line.Blind {
				t.Errorf("resident %d cannot open their line: %v", i, found)
			}
			p.until("/me/messages", "摇号")
			// Somebody else's case is not there (security.md: IDOR), and the code alone tells a stranger nothing.
			people[1-i].get(paths[i])
			people[1-i].status(http.StatusNotFound)
			if strings.Contains(people[1-i].Page.Text, line.Blind) {
				t.Error("a stranger reads an entry")
			}
		}
		if won != 1 {
			t.Errorf("%d won one place", won)
		}
		looks(people[0], "2026050000001", "2026年5月这一期")
		looks(people[1], "2026050000001", "没有查到")
	})
}

// wants goes as far as what the house says of an entry.
func (p person) wants() {
	p.t.Helper()
	p.open("/city/beijing/services/car-plate-lottery-query")
	p.send("/start", nil)
	p.submit(map[string]string{"matter": "enter"})
	p.submit(map[string]string{"licence": "110000000018"})
}

// looks asks what became of a code.
func looks(p person, code, says string) {
	p.t.Helper()
	p.open("/city/beijing/services/car-plate-lottery-query")
	p.send("/start", nil)
	p.submit(map[string]string{"matter": "look"})
	p.send("", map[string]string{"code": code})
	p.until(p.Page.URL.Path, says)
}

// types has a member of staff type a public seed; says is what the page then says, besides what it always does.
func types(t *testing.T, h *house.House, user, no, seed, says string) {
	t.Helper()
	h.Clock.Advance(time.Minute) // a one-time code is good once
	p := visitor(t, h)
	p.staffIn(user)
	p.open("/console/draws/" + no)
	p.send("/seed", map[string]string{"seed": seed})
	p.reads(says)
}

// download gets the record of a draw as anybody does.
func download(t *testing.T, h *house.House, no string) []byte {
	t.Helper()
	p := visitor(t, h)
	p.open("/draws/" + no + "/record.json")
	return p.Page.Body
}

// TestDrawIsTheDepartments: nobody else announces, types or calls off, and a form from elsewhere does nothing (security.md: IDOR, CSRF).
func TestDrawIsTheDepartments(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	staff := visitor(t, h)
	staff.staffIn("beijing-plates")
	no := staff.announces(1)
	at := "/console/draws/" + no

	for _, user := range []string{"beijing-schools", "traffic-police"} {
		other := visitor(t, h)
		other.staffIn(user)
		other.open("/console/draws")
		if strings.Contains(string(other.Page.Body), no) {
			t.Errorf("%s sees it listed", user)
		}
		other.get(at)
		other.status(http.StatusNotFound)
		if user == "traffic-police" { // of a city where the house does not draw
			other.get("/console/draws/new")
			other.status(http.StatusForbidden)
		}
	}
	forged := staff
	if err := forged.Post(t.Context(), at+"/cancel", map[string][]string{"reason": {"别处来的表单"}}); err != nil {
		t.Fatal(err)
	}
	if forged.Page.Status == http.StatusOK {
		t.Error("a form without its token is taken")
	}
	public := visitor(t, h)
	public.get(at)
	if public.Page.URL.Path != "/console/login" {
		t.Errorf("a visitor reads %s", public.Page.URL.Path)
	}
	for path, want := range map[string]int{"/draws/" + no + "/list.csv": http.StatusNotFound, "/draws/NONE": http.StatusNotFound, "/draws/NONE/record.json": http.StatusNotFound, "/en/draws/" + no: http.StatusOK} {
		public.get(path)
		if public.Page.Status != want {
			t.Errorf("%s: status %d, want %d", path, public.Page.Status, want)
		}
	}
	staff.open("/console/draws/new")
	staff.send("/console/draws/new", map[string]string{"title": "留着", "places": "plate"})
	staff.status(http.StatusUnprocessableEntity)
	if !strings.Contains(string(staff.Page.Body), `value="留着"`) {
		t.Error("what was typed is lost")
	}
	staff.open(at)
	staff.send("/cancel", map[string]string{"reason": "指标总数要重新公布"})
	staff.status(http.StatusOK)
	public.open("/draws/" + no)
	public.reads("已经取消", "指标总数要重新公布")
}

// TestLeavingADraw: an entry is given back by its resident while the draw takes entries, whatever the database; afterwards it is said why not.
func TestLeavingADraw(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		staff := visitor(t, h)
		staff.staffIn("beijing-plates")
		no := staff.announces(1)
		p, other := resident(t, h, h.Resident(t, "L4", 1)), resident(t, h, h.Resident(t, "L4", 2))
		path := p.enters()
		p.submit(nil)
		p.until(path, "等摇号")

		public := visitor(t, h)
		for _, who := range []person{public, other} { // an entry is known to its own person only
			who.open("/draws/" + no)
			if strings.Contains(who.Page.Text, "您已经报名") {
				t.Error("a page tells somebody of an entry")
			}
		}
		other.get(path + "/withdraw")
		other.status(http.StatusNotFound)
		p.open("/draws/" + no)
		p.follow("您已经报名")
		if p.Page.URL.Path != path {
			t.Fatalf("the draw leads to %s, want %s", p.Page.URL.Path, path)
		}
		p.follow("退出摇号")
		p.reads("要退出摇号吗")
		p.send("/withdraw", nil)
		p.until(path, "已经撤回")
		p.open("/draws/" + no)
		if strings.Contains(p.Page.Text, "您已经报名") {
			t.Error("who left is said to be entered")
		}
		// She can enter again, and so can others; the number that was given back stays unused.
		again := p.enters()
		p.submit(nil)
		p.until(again, "等摇号")
		h.Clock.Advance(time.Hour + time.Second)
		public.until("/draws/"+no, "名单的校验值")
		r, err := record.Verify(download(t, h, no))
		if err != nil || len(r.List.Entries) != 1 || r.List.Entries[0].Number != 2 || len(r.List.Withdrawn) != 1 || r.List.Withdrawn[0] != 1 {
			t.Fatalf("the list: %v", err)
		}
		p.open(again)
		p.follow("退出摇号")
		p.send("/withdraw", nil)
		p.until(again, "这次报名已经截止，不能退出摇号")
	})
}
