package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"zhijian/testkit/house"
	"zhijian/testkit/walk"
)

// table is a file in the form of an upload.
func table(text string) walk.File {
	return walk.File{Field: "file", Name: "表.csv", Body: []byte(text)}
}

// overSheet uploads a table under a slug, has it answer, makes a service over it and has a colleague publish it. It gives the service's id.
func overSheet(clerk, second person, slug, name, text string, take map[string]string) (id string) {
	clerk.t.Helper()
	clerk.open("/console/sheets")
	clerk.attach(map[string]string{"name": name, "slug": slug}, table(text))
	clerk.status(http.StatusOK)
	clerk.send("/take", with(take, "_do", "answer"))
	clerk.status(http.StatusOK)
	clerk.reads("现在用的", "把这张表做成服务")
	clerk.send("/service", map[string]string{"english": "Over a sheet", "nobasis": "1"})
	clerk.status(http.StatusOK)
	at := clerk.own()
	clerk.reads(name, "草稿")
	clerk.into("/state", map[string]string{"what": "submit", "reason": "从表格做的，请看"})
	clerk.status(http.StatusOK)
	second.open(at)
	second.into("/state", map[string]string{"what": "release", "reason": "试过了"})
	second.status(http.StatusOK)
	second.reads("线上是第 1 版")
	return at[strings.LastIndex(at, "/")+1:]
}

func with(set map[string]string, key, value string) map[string]string {
	out := map[string]string{key: value}
	for k, v := range set {
		out[k] = v
	}
	return out
}

// TestServiceOverASheet: a query made of a table is answered, goes on while the table is replaced and when a table that does not fit is refused.
func TestServiceOverASheet(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		clerk, second := visitor(t, h), visitor(t, h)
		clerk.staffIn("traffic-police")
		second.staffIn("traffic-police-2")
		const head = "证号,在借,到期,滞纳金\n"
		id := overSheet(clerk, second, "readers", "读者借书", head+"HZ1,2,2026-06-14,1.50元\nHZ2,0,2026-06-15,0元\n", nil)
		r := resident(t, h, h.Resident(t, "L4", 0))
		r.until("/city/hangzhou/services/"+id, "读者借书")
		ask := func(card string) {
			t.Helper()
			r.start(id)
			r.submit(map[string]string{"key_c1": card})
		}
		ask("hz 1")
		r.ends("查到了", "2026年6月14日", "¥1.50")
		ask("HZ9")
		r.ends("没有查到")

		upload := func(text string) {
			t.Helper()
			clerk.open("/console/sheets/readers")
			if err := clerk.Attach(t.Context(), "/upload", nil, table(text)); err != nil {
				t.Fatal(err)
			}
			clerk.reads("请核对各列")
		}
		upload("证号,在借\nHZ1,5\n")
		clerk.send("/take", map[string]string{"_do": "answer"})
		clerk.status(http.StatusUnprocessableEntity)
		clerk.reads("服务“读者借书”要显示“到期”，请补上这一列", "服务“读者借书”要显示“滞纳金”")
		ask("HZ1")
		r.ends("¥1.50")
		upload("滞纳金,证号,说明,到期,在借\n2.50元,HZ1,新的一列,2026-07-01,5\n")
		ask("HZ1")
		r.ends("¥1.50") // until the new one is taken the former one answers
		clerk.send("/take", map[string]string{"_do": "answer"})
		clerk.status(http.StatusOK)
		ask("HZ1")
		r.ends("2026年7月1日", "¥2.50")

		// Another department's clerk makes nothing of it, whatever office they write.
		other := visitor(t, h)
		other.staffIn("power")
		at := other.begins("query", "电费查询", "table")
		other.open(at + "/text")
		f, _ := other.Page.Form()
		text := f.Values.Get("text")
		other.into("/text", map[string]string{"text": strings.ReplaceAll(text, "office: "+officeIn(text), "office: sheet_readers")})
		other.reads("系统“sheet_readers”不是本部门的")
	})
}

// TestNoTimeIsSoldTwice: a time that is written another way in the next table, or asked for by another spelling, is the same place, in one
// service and in two over the same table.
func TestNoTimeIsSoldTwice(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		clerk, second := visitor(t, h), visitor(t, h)
		clerk.staffIn("traffic-police")
		second.staffIn("traffic-police-2")
		const head = "大厅,日期,几点,名额\n"
		columns := map[string]string{"use_c1": "key", "kind_c1": "text", "use_c2": "answer", "use_c3": "answer", "use_c4": "answer", "kind_c2": "day", "kind_c3": "clock", "kind_c4": "number", "as": "slots", "minutes": "30"}
		id := overSheet(clerk, second, "halls", "大厅预约", head+"a1,2026-05-28,09:00,1\na1,2026-05-28,10:00,2\nb1,2026-05-28,09:00,5\n", columns)
		first, later := resident(t, h, h.Resident(t, "L4", 0)), resident(t, h, h.Resident(t, "L4", 1))
		first.until("/city/hangzhou/services/"+id, "大厅预约")
		take := func(p person, service, hall string) {
			t.Helper()
			p.start(service)
			p.submit(map[string]string{"key_c1": hall})
		}
		take(first, id, "a1")
		first.submit(map[string]string{"slot": "20260528T0900"})
		first.until(first.Page.URL.Path, "请核对预约")
		first.submit(nil)
		first.ends("约好了", "9:00")

		clerk.open("/console/sheets/halls")
		if err := clerk.Attach(t.Context(), "/upload", nil, table(head+"Ａ１,2026/5/28,９：00,1\n A1 ,2026年5月28日,10点,2\na 1,20260528,9:00,1\n")); err != nil {
			t.Fatal(err)
		}
		clerk.send("/take", columns)
		clerk.status(http.StatusOK)
		clerk.reads("收下 2 行，没有收 1 行", "和第 2 行是同一个时间")
		clerk.send("/answer", nil)
		clerk.status(http.StatusOK)
		clerk.send("/service", map[string]string{"name": "大厅预约二", "nobasis": "1"})
		at := clerk.own()
		clerk.into("/state", map[string]string{"what": "submit", "reason": "又一个"})
		second.open(at)
		second.into("/state", map[string]string{"what": "release", "reason": "试过了"})
		two := at[strings.LastIndex(at, "/")+1:]
		later.until("/city/hangzhou/services/"+two, "大厅预约二")
		h.Clock.Advance(time.Minute) // the offices' places are asked for anew
		for _, service := range []string{id, two} {
			for _, hall := range []string{"a1", "A1", " ａ 1", "Ａ１"} {
				take(later, service, hall)
				later.until(later.Page.URL.Path, "10:00")
				if open := later.offered("slot"); len(open) != 1 || open[0] != "20260528T1000" {
					t.Errorf("%s at %q offers %v", service, hall, open)
				}
				if err := later.Submit(t.Context(), map[string]string{"slot": "20260528T0900"}); err != nil {
					t.Fatal(err)
				}
				later.reads("这个时间刚刚被约满")
				if strings.Contains(later.Page.Text, "请核对预约") {
					t.Fatalf("%s at %q: the place is sold twice", service, hall)
				}
			}
		}
		take(later, id, "b1")
		if later.Page.Has("slot") {
			t.Errorf("the next table lacks b1, and still offers times: %s", later.Page.Text)
		}
	})
}
