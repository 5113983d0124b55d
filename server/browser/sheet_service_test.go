package browser_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"zhijian/testkit/house"
)

// TestFromASheetToAnAnswer walks what the issue of services over sheets promises: from the upload of 10,000 rows to a resident's first answer, over a
// trial and a second person, in ten clicks and a minute. Every press of a button, link or choice counts, and the choice of the file; signing in and
// opening one's own start page do not.
func TestFromASheetToAnAnswer(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	a := newAlbum(t)
	d, second, r := newWindow(t, h), newWindow(t, h), newWindow(t, h)
	for i, w := range []*window{d, second} {
		w.withAxe()
		w.desk()
		w.must("/console/login")
		w.staffIn(staffOf(t, h, []string{"traffic-police", "traffic-police-2"}[i]))
	}
	r.must("/login")
	r.signIn(h.Resident(t, "L4", 0))
	second.must("/console/services")
	d.must("/console/sheets")

	clicks := 0
	press := func(w *window, text string) {
		t.Helper()
		clicks++
		w.press(text)
	}
	from := time.Now()
	d.fill("name", "读者借书")
	d.fill("slug", "readers")
	clicks++
	d.do("choose a file", chromedp.SetUploadFiles(`#file`, []string{written(t, "readers.csv", tenThousandReaders())}))
	press(d, "上传")
	d.reads("请核对各列", "HZ00000")
	a.takeDesk(d, "sheet-service-1-columns")
	press(d, "收下并启用")
	d.reads("10,000", "把这张表做成服务")
	a.takeDesk(d, "sheet-service-2-make")
	d.into("basis", "公共图书馆法 | 第三十八条")
	press(d, "做成服务")
	d.reads("读者借书", "草稿")
	a.takeDesk(d, "sheet-service-3-designer")
	press(d, "真机试填")
	a.takeDesk(d, "sheet-service-4-trial")
	link := js[string](d, `document.querySelector('main a[href*="/try/"]').href`)

	d.fill("reason", "借了几本书，大家常来问")
	press(d, "提交审批")
	d.reads("等审批")
	at := d.path()
	second.must("/console/services")
	press(second, "读者借书")
	second.fill("reason", "试过了，没问题")
	a.takeDesk(second, "sheet-service-5-second")
	press(second, "同意并发布")
	second.reads("线上是第 1 版")
	h.Until(t, "the service is offered", func() bool {
		r.open("/city/hangzhou/services/" + at[strings.LastIndex(at, "/")+1:])
		return r.status == 200
	})
	r.withAxe()
	a.take(r, "sheet-service-6-start")
	press(r, "开始查")
	r.fill("key_c1", "hz04321")
	press(r, "查询")
	h.Until(t, "the answer is there", func() bool { return strings.Contains(r.text(), "查到了") })
	took := time.Since(from)
	r.reads("¥1.50")
	a.take(r, "sheet-service-7-answer")
	t.Logf("%d clicks, %v", clicks, took)
	if clicks > 10 {
		t.Errorf("%d clicks", clicks)
	}

	// What the colleague saw on the phone: the trial asks nobody.
	p := newWindow(t, h)
	p.withAxe()
	p.must(link[len(h.Ready.BaseURL):])
	p.reads("试办")
	p.fill("key_c1", "1")
	p.press("查询")
	a.take(p, "sheet-service-8-trial")
}

func tenThousandReaders() []byte {
	var b strings.Builder
	b.WriteString("证号,在借,到期,滞纳金\n")
	for i := range 10_000 {
		fmt.Fprintf(&b, "HZ%05d,%d,2026-06-%02d,1.50元\n", i, 1+i%5, 1+i%28)
	}
	return []byte(b.String())
}
