package scene_test

import (
	"context"
	"testing"

	"zhijian/ui/scene"
)

func TestLinks(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/": "/en/", "/me": "/en/me", "/city/hangzhou?x=1": "/en/city/hangzhou?x=1", "/en/me": "/en/me", "/en": "/en",
		"/static/zj.css": "/static/zj.css", "/api/v1/cases": "/api/v1/cases", "/console/cases": "/console/cases", "/operator": "/operator",
		"tel:12345": "tel:12345", "#plate": "#plate", "?page=2": "?page=2", "": "", "//example.cn/x": "//example.cn/x", "https://example.cn/": "https://example.cn/",
	} {
		if got := scene.In("en", path); got != want {
			t.Errorf("en %q: %q, want %q", path, got, want)
		}
		if got := scene.In("zh", path); got != path {
			t.Errorf("zh %q: %q", path, got)
		}
	}
}

type fixed struct{}

func (fixed) URL(name string) string { return "/static/x." + name }

func TestScene(t *testing.T) {
	t.Parallel()
	bare := context.Background()
	if s := scene.From(bare); s.Lang != "zh" || s.Token != "" || s.Elder {
		t.Errorf("without a scene: %+v", s)
	}
	if got := scene.URL(bare, "zj.css"); got != "/static/zj.css" {
		t.Errorf("address without assets: %s", got)
	}
	ctx := scene.With(bare, scene.Scene{Assets: fixed{}, Token: "t", Elder: true})
	if scene.Lang(ctx) != "zh" || scene.URL(ctx, "zj.css") != "/static/x.zj.css" || !scene.From(ctx).Elder {
		t.Errorf("with a scene: %+v", scene.From(ctx))
	}
}
