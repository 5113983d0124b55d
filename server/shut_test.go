package server_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"zhijian/server"
	"zhijian/testkit/house"
)

// TestAQuotaThatIsUsedUpIsSaid: residents read plainly that a system may not be asked any more today, that what they typed is kept, and when it
// is asked again, before they begin and while they wait, in both languages.
func TestAQuotaThatIsUsedUpIsSaid(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"n":2}`)
	}))
	t.Cleanup(s.Close)
	dir := offices(t, map[string]string{
		"loans.yaml": fmt.Sprintf("driver: http\nurl: %s\nper_day: 1\ncalls:\n  rows.find: {path: /loans, gives: {known: \"true\", c2: body.n, c3: '\"2026-06-14\"', c4: \"150\"}}\n", s.URL),
	})
	h := house.OpenSet(t, "", readersOver(t, "loans"), func(c *server.DemoConfig) { c.Offices = dir })
	r := resident(t, h, h.Resident(t, "L4", 0))
	r.open("/city/hangzhou/services/library-service")
	r.lacks("用完了")
	r.start("library-service")
	r.submit(map[string]string{"card": "HZ00001"})
	r.ends("借了 2 本")
	r.start("library-service")
	r.submit(map[string]string{"card": "HZ00002"})
	r.until(r.Page.URL.Path, "今天不能再查了")
	r.reads("市图书馆的系统每天能问的次数有限，今天用完了", "不是您的问题，已填的内容都还在", "我们再替您问一次")
	at := r.Page.URL.Path
	r.open("/en" + at)
	r.reads("No more can be looked up today", "nothing you typed is lost", "We ask again for you")
	r.open("/city/hangzhou/services/library-service")
	r.reads("市图书馆的系统能问的次数用完了", "后可以再查")
	r.open("/en/city/hangzhou/services/library-service")
	r.reads("The questions that may be put to City Library are used up", "It can be asked again from")
}
