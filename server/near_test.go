package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"zhijian/testkit/house"
)

// TestNear: halls are sorted by how far they are, on the page without a script, over the API and in a talk, those of an office and those of the
// house; and where the resident is stays nowhere.
func TestNear(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		p := resident(t, h, h.Resident(t, "L4", 0))
		p.start("hall-appointment")
		no := p.CaseNo()
		p.reads("去哪个大厅", "选区县，按远近排")
		before := p.Page.Text
		if strings.Contains(before, "公里") {
			t.Errorf("sorted before anybody asked: %s", before)
		}
		order := func(names ...string) {
			t.Helper()
			at := -1
			for _, name := range names {
				i := strings.Index(p.Page.Text, name)
				if i < at || i < 0 {
					t.Errorf("%s is not where it should be: %s", name, p.Page.Text)
				}
				at = i
			}
		}
		p.send("/near", map[string]string{"where": "330108"}) // 滨江区
		p.status(http.StatusOK)
		p.reads("从“滨江区”算，近的在前", "约 ", "公里")
		// The very place of a hall is as near as can be.
		v := machine(t, h, h.Resident(t, "L4", 1))
		c := v.call(http.MethodPost, "/cities/hangzhou/services/hall-appointment/cases", map[string]any{"values": map[string][]string{}}, http.StatusCreated)
		items, _ := view(c)["items"].([]any)
		if len(items) != 3 || len(view(c)["places"].([]any)) < 8 {
			t.Fatalf("over the API: %v", view(c))
		}
		last := items[2].(map[string]any)
		if last["lat"].(float64) < 29 || last["metres"] != nil {
			t.Errorf("the last hall: %v", last)
		}
		at := "/cases/" + c["no"].(string) + "/steps/" + view(c)["step"].(string) + "/near"
		here := strings.Join([]string{number(last["lat"]), number(last["lon"])}, ",")
		sorted := view(v.call(http.MethodPost, at, map[string]any{"where": here}, http.StatusOK))
		first := sorted["items"].([]any)[0].(map[string]any)
		if first["value"] != last["value"] || first["metres"].(float64) > 120 || sorted["from"] == "" {
			t.Errorf("from the last hall's place: %v", sorted["items"])
		}
		v.call(http.MethodPost, at, map[string]any{"where": "上海"}, http.StatusUnprocessableEntity)

		// The same on the page. The position is in no address, and nothing of it is kept.
		p.open("/cases/" + no)
		p.send("/near", map[string]string{"where": here})
		if p.Page.URL.RawQuery != "" || strings.Contains(p.Page.URL.Path, ".") {
			t.Errorf("the position is in the address %s", p.Page.URL)
		}
		order(last["title"].(string), items[0].(map[string]any)["title"].(string))
		p.open("/cases/" + no)
		if strings.Contains(p.Page.Text, "公里") || strings.Contains(string(p.Page.Body), here) {
			t.Errorf("the page remembers where somebody was: %s", p.Page.Text)
		}
		p.send("/near", map[string]string{"where": "nowhere"})
		p.status(http.StatusUnprocessableEntity)
		p.reads("请选一个区县，或用现在的位置")
		p.submit(map[string]string{"hall": last["value"].(string)})
		p.reads("办什么事")

		// In Suzhou the halls are the house's own.
		p.open("/city/suzhou-js/services/hall-appointment")
		p.send("/start", nil)
		p.send("/near", map[string]string{"where": "320508"}) // 姑苏区
		order("市民中心综合窗口", "园区一站式服务中心")
		p.send("/near", map[string]string{"where": "31.325,120.722"})
		order("园区一站式服务中心", "100 米以内", "姑苏区政务服务大厅", "市民中心综合窗口")

		// Staff say where a hall is as Chinese maps write it, or that nobody knows.
		clerk := visitor(t, h)
		clerk.staffIn("suzhou-hall")
		far := func(at string) any {
			t.Helper()
			clerk.open("/console/queue/320500-h3/plan")
			clerk.send("/plan", map[string]string{"at": at})
			clerk.status(http.StatusOK)
			c := v.call(http.MethodPost, "/cities/suzhou-js/services/hall-appointment/cases", map[string]any{"values": map[string][]string{}}, http.StatusCreated)
			at = "/cases/" + c["no"].(string) + "/steps/" + view(c)["step"].(string) + "/near"
			for _, one := range view(v.call(http.MethodPost, at, map[string]any{"where": "31.100,120.300"}, http.StatusOK))["items"].([]any) {
				if hall := one.(map[string]any); hall["value"] == "320500-h3" {
					return hall["metres"]
				}
			}
			t.Fatal("the hall is gone")
			return nil
		}
		if m, ok := far("31.1000， 120.3000").(float64); !ok || m < 200 || m > 800 { // so far the datums lie apart there
			t.Errorf("a hall put there by a Chinese map is %v m away", m)
		}
		if m := far(""); m != nil {
			t.Errorf("a hall of which nobody said where it is is %v m away", m)
		}
		clerk.open("/console/queue/320500-h3/plan")
		clerk.send("/plan", map[string]string{"at": "三香路"})
		clerk.status(http.StatusUnprocessableEntity)
		clerk.reads("请写纬度和经度")

		p.open("/a/hzzw/chat")
		p.says("政务大厅预约取号")
		if strings.Contains(p.Page.Text, "继续") {
			p.says("继续")
		}
		p.says("上一步")
		p.hears("写一个区县名")
		p.says("离我最近")
		p.hears("您在哪个区县", "滨江区")
		p.says("滨江")
		p.hears("从“滨江区”算，近的在前", "公里")

		secrets := map[string]string{"position": here, "position in Suzhou": "31.325,120.722", "position in an address": url.QueryEscape(here)}
		h.Count(t)
		hunt(t, "the log", h.Log.String(), secrets)
		kept(t, h, secrets)
	})
}

// number writes a coordinate as a page does, to a thousandth of a degree.
func number(v any) string { return strconv.FormatFloat(v.(float64), 'f', 3, 64) }
