package server_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/store/editions"
	"zhijian/testkit/house"
)

// lacks fails where the page says one of the words.
func (p person) lacks(parts ...string) {
	p.t.Helper()
	for _, part := range parts {
		if strings.Contains(p.Page.Text, part) {
			p.t.Errorf("%s says %q", p.Page.URL, part)
		}
	}
}

// TestStatistics: a department sees its own services as they are, down to a single case, and where its account stands; another one does
// not see them. The operator sees the shelf, who signed it, and whether it can be rebuilt.
func TestStatistics(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	who := h.Resident(t, "L4", 0)
	p := resident(t, h, who)
	p.toCashier(who.Plates[0])
	p.pay()
	p.ends("处理完了")
	h.Restart(t) // which folds what was visited
	police := visitor(t, h)
	police.staffIn("traffic-police")
	police.until("/console/observatory", "1 笔") // once the daybook has counted
	police.reads("交通违法罚款缴纳", "100.0%（1 / 1）", "各地的数来自版次 2015（模拟数据）", "334 个地级行政区的名次")
	police.lacks("居民用电", "签名密钥")
	other := visitor(t, h)
	other.staffIn("power")
	other.until("/console/observatory", "统计")
	other.reads("各地的数来自版次 2015（模拟数据）")
	other.lacks("交通违法罚款缴纳", "1 笔")

	shelf := editions.Open(h.Data)
	day := h.Clock.Now().In(clock.Shanghai).Format(time.DateOnly)
	h.Pass(t, 20*time.Minute, "the night's edition", func() bool {
		m, err := shelf.Manifest("live-" + day)
		return err == nil && len(m.Exhibits) > 0
	})
	police = visitor(t, h) // sessions do not outlive a night
	police.staffIn("traffic-police")
	police.until("/console/observatory", "杭州交警")
	police.reads("版次 live-"+day+"（模拟数据）", "再进一名差多少", "看公开页")

	operator := tapped(t, h)
	operator.staffIn("operator")
	operator.open("/console/observatory/editions")
	key, err := shelf.Key()
	if err != nil {
		t.Fatal(err)
	}
	operator.reads("live-"+day, "本平台每晚，模拟数据", "83,641", key.Fingerprint())
	operator.open("/console/observatory/editions/2015?with=2014")
	operator.reads("DQ-44", "从 2014 到 2015，每张图表最多列 5 处", "table-1", "图表校验和")
	operator.get("/console/observatory/editions/1999")
	operator.status(http.StatusNotFound)
	operator.get("/console/observatory/editions/2015?with=1999")
	operator.status(http.StatusNotFound)

	verify := func() string {
		operator.open("/console/observatory/editions/2015")
		if err := operator.Post(t.Context(), "/console/observatory/editions/2015/verify", url.Values{"_token": {operator.token()}}); err != nil {
			t.Fatal(err)
		}
		operator.status(http.StatusOK)
		return operator.Page.Text
	}
	if said := verify(); !strings.Contains(said, "重算的结果和保存的完全相同") {
		t.Errorf("an edition that was left alone: %.200s", said)
	}
	changed, err := filepath.Glob(filepath.Join(h.Data, "observatory", "2015", "exhibits-*", "table-1.json"))
	if err != nil || len(changed) != 1 {
		t.Fatal(changed, err)
	}
	b, err := os.ReadFile(changed[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(changed[0], []byte(strings.Replace(string(b), `"rows"`, `"rows" `, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(h.Data, "observatory", "2014", "manifest.json")
	m, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(manifest, append(m, ' '), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := verify(); !strings.Contains(said, "不相同：") {
		t.Errorf("an edition with a changed file: %.200s", said)
	}
	operator.open("/console/observatory/editions")
	operator.reads("版次 2014 的清单不是签名时的那一份")
}
