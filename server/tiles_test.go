package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"zhijian/server"
	"zhijian/testkit/house"
	"zhijian/ui/component"
)

// TestNobodyElseIsAsked: without a server of tiles a map names no other host, neither in the page nor in the content policy; with one exactly
// that origin is let in, no referrer is told, and its owner is named.
func TestNobodyElseIsAsked(t *testing.T) {
	t.Parallel()
	tiles := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(tiles.Close)
	for name, c := range map[string]struct {
		tiles component.TileServer
		image string
	}{
		"none":       {component.TileServer{}, "img-src 'self' data:;"},
		"this site":  {component.TileServer{Template: "/tiles/{z}/{x}/{y}.png", Credit: "本市测绘院 GS(2026)1"}, "img-src 'self' data:;"},
		"one server": {component.TileServer{Template: tiles.URL + "/{z}/{x}/{y}.png", Credit: "本市测绘院 GS(2026)1", GCJ02: true}, "img-src 'self' data: " + tiles.URL + ";"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := house.OpenSet(t, "", "", func(d *server.DemoConfig) { d.Tiles = c.tiles })
			r := resident(t, h, h.Resident(t, "L4", 0))
			r.start("public-bike-map")
			r.submit(map[string]string{"where": "330106"})
			r.ends("个网点")
			body := string(r.Page.Body)
			pictures := strings.Count(body, "<foreignObject")
			if (pictures > 0) != (c.tiles.Template != "") || pictures > 16 || strings.Count(body, `referrerpolicy="no-referrer"`) != pictures {
				t.Errorf("%d tiles", pictures)
			}
			if c.tiles.Credit != "" && !strings.Contains(body, "底图："+c.tiles.Credit) {
				t.Error("nobody is named")
			}
			for _, part := range strings.Split(body, `src="`)[1:] {
				if !strings.HasPrefix(part, "/") && (c.tiles.Origin() == "" || !strings.HasPrefix(part, c.tiles.Origin()+"/")) {
					t.Errorf("a stranger is asked: %.80s", part)
				}
			}
			res, err := http.Get(h.Ready.BaseURL + "/city/hangzhou")
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if policy := res.Header.Get("Content-Security-Policy"); !strings.Contains(policy, c.image) {
				t.Errorf("%s lacks %s", policy, c.image)
			}
		})
	}
}
