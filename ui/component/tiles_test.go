package component_test

import (
	"testing"

	"zhijian/ui/component"
)

func TestTileServers(t *testing.T) {
	t.Parallel()
	const credit = "测绘院"
	for at, want := range map[string]struct{ public, loopback bool }{
		"https://t.example/{z}/{x}/{y}.png":         {true, true},
		"https://t.example/v?l={x}&m={y}&n={z}&k=1": {true, true},
		"/tiles/{z}/{x}/{y}.png":                    {true, true},
		"http://127.0.0.1:9/{z}/{x}/{y}.png":        {false, true},
		"http://t.example/{z}/{x}/{y}.png":          {false, false},
		"//t.example/{z}/{x}/{y}.png":               {false, false},
		"https://{x}.example/{z}/{y}.png":           {false, false},
		"https://u:p@t.example/{z}/{x}/{y}.png":     {false, false},
		"https://t.example/{z}/{x}.png":             {false, false},
		"https://t.example/ {z}/{x}/{y}.png":        {false, false},
		"https://t.example;x/{z}/{x}/{y}.png":       {false, false},
		"javascript:{z}{x}{y}":                      {false, false},
		"data:{z}/{x}/{y}":                          {false, false},
	} {
		s := component.TileServer{Template: at, Credit: credit}
		if got := s.Check(false) == nil; got != want.public {
			t.Errorf("%s in public: %v", at, got)
		}
		if got := s.Check(true) == nil; got != want.loopback {
			t.Errorf("%s on loopback: %v", at, got)
		}
	}
	if (component.TileServer{Template: "/{z}/{x}/{y}"}).Check(true) == nil {
		t.Error("tiles without a credit")
	}
	if s := (component.TileServer{}); s.Check(false) != nil || s.Origin() != "" {
		t.Error("none is refused, or is somewhere")
	}
}
