package cap_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/outside/office"
	"zhijian/outside/office/cap"
)

var now = time.Date(2026, 5, 26, 14, 8, 0, 0, clock.Shanghai)

// message writes one alert by hand, as a meteorological office publishes it.
func message(id, status, kind, scope, severity, from, until, code, references string) string {
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>%s</identifier><sender>330100-qx</sender><sent>2026-05-26T12:00:00+08:00</sent><status>%s</status><msgType>%s</msgType><scope>%s</scope>%s
  <info><language>en-US</language><category>Met</category><event>Rainstorm</event><urgency>Expected</urgency><severity>%s</severity><certainty>Likely</certainty></info>
  <info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Expected</urgency><severity>%s</severity><certainty>Likely</certainty>
    <effective>%s</effective><expires>%s</expires><senderName>杭州市气象台（演示）</senderName><headline>暴雨预警</headline><description>未来六小时有暴雨 &lt;50 毫米&gt;。</description><instruction>不要去低洼的地方。</instruction>
    <area><areaDesc>西湖区</areaDesc><geocode><valueName>GB2260</valueName><value>%s</value></geocode></area></info>
</alert>`, id, status, kind, scope, references, severity, severity, from, until, code)
}

const (
	noon    = "2026-05-26T12:00:00+08:00"
	evening = "2026-05-26T20:00:00+08:00"
	before  = "2026-05-26T13:00:00+08:00"
)

func serve(t *testing.T, documents map[string]string) (*cap.Driver, *httptest.Server) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := documents[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(strings.ReplaceAll(body, "BASE", "http://"+r.Host)))
	}))
	d, err := cap.New(cap.Config{Name: "met", URL: s.URL + "/feed", Clock: clock.At(now)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close(); s.Close() })
	return d, s
}

func ask(ctx context.Context, d *cap.Driver, region string) ([]any, error) {
	got, err := d.Ask(ctx, office.Question{Call: cap.CallActive, With: map[string]any{"region": region}})
	if err != nil {
		return nil, err
	}
	return got["items"].([]any), nil
}

func atom(entries ...string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>` + strings.Join(entries, "") + `</feed>`
}

func inline(alert string) string {
	return `<entry><content type="text/xml">` + strings.TrimPrefix(alert, `<?xml version="1.0" encoding="UTF-8"?>`) + `</content></entry>`
}

func TestOneAlert(t *testing.T) {
	t.Parallel()
	d, _ := serve(t, map[string]string{"/feed": message("A1", "Actual", "Alert", "Public", "Severe", noon, evening, "330106", "")})
	got, err := ask(t.Context(), d, "330100")
	want := []any{map[string]any{
		"id": "A1", "sender": "330100-qx", "event": "暴雨", "title": "暴雨预警", "text": "未来六小时有暴雨 <50 毫米>。", "instruction": "不要去低洼的地方。", "office": "杭州市气象台（演示）",
		"area": "西湖区", "level": "橙色", "tone": "orange", "urgency": "一小时内行动", "certainty": "很可能发生", "from": noon, "until": evening, "sent": noon,
	}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(err, d)
	}
	for region, n := range map[string]int{"": 1, "330000": 1, "330106": 1, "330106001": 1, "330105": 0, "320000": 0} {
		if got, err := ask(t.Context(), d, region); err != nil || len(got) != n {
			t.Errorf("%s: %d %v", region, len(got), err)
		}
	}
	if _, err := d.Ask(t.Context(), office.Question{Call: "alerts.send"}); err == nil || fault.Of(err) != nil {
		t.Errorf("an unknown call: %v", err)
	}
}

func TestOnlyWhatIsInEffect(t *testing.T) {
	t.Parallel()
	alerts := []string{
		inline(message("minor", "Actual", "Alert", "Public", "Minor", noon, evening, "330100", "")), inline(message("red", "Actual", "Update", "Public", "Extreme", before, evening, "330100", `<references>330100-qx,old,2026-05-26T11:00:00+08:00</references>`)),
		inline(message("old", "Actual", "Alert", "Public", "Severe", noon, evening, "330100", "")), inline(message("over", "Actual", "Alert", "Public", "Severe", noon, before, "330100", "")),
		inline(message("later", "Actual", "Alert", "Public", "Severe", evening, "2026-05-27T20:00:00+08:00", "330100", "")), inline(message("drill", "Exercise", "Alert", "Public", "Extreme", noon, evening, "330100", "")),
		inline(message("test", "Test", "Alert", "Public", "Extreme", noon, evening, "330100", "")), inline(message("secret", "Actual", "Alert", "Restricted", "Extreme", noon, evening, "330100", "")),
		inline(message("taken-back", "Actual", "Alert", "Public", "Severe", noon, evening, "330100", "")), inline(message("c", "Actual", "Cancel", "Public", "Severe", noon, evening, "330100", `<references>330100-qx,taken-back,2026-05-26T12:00:00+08:00</references>`)),
		inline(message("minor", "Actual", "Alert", "Public", "Minor", noon, evening, "330100", "")), `<entry><link href="BASE/far.xml" type="application/cap+xml"/></entry>`,
	}
	d, _ := serve(t, map[string]string{"/feed": atom(alerts...), "/far.xml": message("far", "Actual", "Alert", "Public", "Moderate", noon, evening, "330106", "")})
	got, err := ask(t.Context(), d, "330100")
	var ids []string
	for _, x := range got {
		ids = append(ids, x.(map[string]any)["id"].(string))
	}
	if d := cmp.Diff([]string{"red", "far", "minor"}, ids); d != "" || err != nil {
		t.Error(err, d)
	}
}

func TestBadFeeds(t *testing.T) {
	t.Parallel()
	good := message("A1", "Actual", "Alert", "Public", "Severe", noon, evening, "330106", "")
	for name, body := range map[string]string{
		"document type": strings.Replace(good, "<alert", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert`, 1),
		"an entity":     strings.Replace(good, "西湖区", "&x;", 1), "no times": strings.Replace(good, evening, "tonight", 1), "no identifier": strings.Replace(good, "A1", " ", 1),
		"another namespace": strings.Replace(good, "cap:1.2", "cap:0.9", 1), "cut off": good[:len(good)-20], "another root": "<html/>", "empty": "", "deep": strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100),
		"leads elsewhere": atom(`<entry><link href="http://169.254.169.254/x"/></entry>`), "leads nowhere": atom(`<entry><link href="BASE/nothing"/></entry>`),
		"an empty entry": atom(`<entry/>`), "one of two is bad": atom(inline(good), inline(strings.Replace(good, noon, "x", 1))), "too many": atom(strings.Repeat(inline(good), 200)),
		"too large": good + strings.Repeat(" ", 3<<20),
	} {
		d, _ := serve(t, map[string]string{"/feed": body})
		if got, err := ask(t.Context(), d, ""); !fault.Is(err, fault.KindUnavailable) {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
	d, _ := serve(t, map[string]string{"/feed": atom()})
	if got, err := ask(t.Context(), d, ""); err != nil || len(got) != 0 {
		t.Errorf("no warnings: %v %v", got, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(message("A1", "Actual", "Alert", "Public", "Severe", noon, evening, "330106", ""))
	f.Add(atom(inline(message("A1", "Actual", "Alert", "Public", "Severe", noon, evening, "330106", ""))))
	var body string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }))
	f.Cleanup(s.Close)
	f.Fuzz(func(t *testing.T, b string) {
		body = b
		d, err := cap.New(cap.Config{Name: "met", URL: s.URL, Clock: clock.At(now)})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if _, err := ask(t.Context(), d, "330100"); err != nil && !fault.Is(err, fault.KindUnavailable) {
			t.Fatal(err)
		}
	})
}
