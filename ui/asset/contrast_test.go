package asset_test

import (
	"maps"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

type pair struct {
	fore, back string
	least      float64
}

func pairs() []pair {
	var list []pair
	for _, f := range []string{"--text-1", "--text-2", "--text-3", "--text-brand"} {
		for _, b := range []string{"--bg-surface", "--bg-page", "--bg-sunken", "--bg-hover", "--bg-brand-soft", "--bg-brand-softer"} {
			list = append(list, pair{f, b, 4.5})
		}
	}
	for _, k := range []string{"danger", "warn", "ok", "info"} {
		list = append(list, pair{"--" + k, "--" + k + "-bg", 4.5}, pair{"--" + k, "--bg-surface", 4.5}, pair{"--" + k, "--bg-page", 4.5},
			pair{"--text-1", "--" + k + "-bg", 4.5}, pair{"--text-2", "--" + k + "-bg", 4.5})
	}
	for _, k := range []string{"blue", "yellow", "orange", "red"} {
		list = append(list, pair{"--lv-" + k + "-on", "--lv-" + k, 4.5})
	}
	return append(list,
		pair{"--text-disabled", "--bg-surface", 4.5}, pair{"--text-on-brand", "--bg-brand", 4.5}, pair{"--text-on-brand", "--bg-brand-hover", 4.5},
		pair{"--text-on-brand", "--bg-brand-deep", 4.5}, pair{"--text-on-brand-2", "--bg-brand", 4.5}, pair{"--text-on-brand-2", "--side-1", 4.5},
		pair{"--text-on-brand-2", "--side-2", 4.5}, pair{"--line-strong", "--bg-surface", 3}, pair{"--line-strong", "--bg-page", 3},
		pair{"--seal", "--bg-surface", 3}, pair{"--focus-outer", "--bg-surface", 3}, pair{"--focus-outer", "--bg-page", 3}, pair{"--viz-axis", "--bg-surface", 4.5})
}

// Every pair of text and ground that pages use reaches WCAG 2.2 AA, in light, dark and elder form.
func TestContrast(t *testing.T) {
	t.Parallel()
	css := source(t, "tokens.css")
	_, light := block(t, css, ":root")
	_, darker := block(t, css, `html[data-theme="dark"]`)
	_, elder := block(t, css, `html[data-mode="elder"]`)
	_, elderDarker := block(t, css, `html[data-theme="dark"][data-mode="elder"]`)
	over := func(sets ...map[string]string) map[string]string {
		all := map[string]string{}
		for _, s := range sets {
			maps.Copy(all, s)
		}
		return all
	}
	for name, set := range map[string]map[string]string{
		"light": light, "dark": over(light, darker), "elder": over(light, elder), "elder dark": over(light, darker, elder, elderDarker),
	} {
		for _, p := range pairs() {
			if set[p.fore] == "" || set[p.back] == "" {
				t.Fatalf("%s: %s or %s is no colour", name, p.fore, p.back)
			}
			if got := contrast(set[p.fore], set[p.back]); got < p.least {
				t.Errorf("%s: %s %s on %s %s is %.2f, at least %.1f", name, p.fore, set[p.fore], p.back, set[p.back], got, p.least)
			}
		}
	}
}

// The dark colours stand in the file twice, for a choice and for the device's wish; they must agree.
func TestDarkIsTheSameTwice(t *testing.T) {
	t.Parallel()
	css := source(t, "tokens.css")
	chosen, _ := block(t, css, `html[data-theme="dark"]`)
	device, _ := block(t, css, `html:not([data-theme="light"])`)
	if chosen != device {
		t.Errorf("dark differs:\n%s\n%s", chosen, device)
	}
	one, _ := block(t, css, `html[data-theme="dark"][data-mode="elder"]`)
	two, _ := block(t, css, `html:not([data-theme="light"])[data-mode="elder"]`)
	if one != two {
		t.Errorf("elder dark differs:\n%s\n%s", one, two)
	}
}

// The browser floor is Chromium 87 and Safari 14.1 (asset-notes 3).
func TestBrowserFloor(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"tokens.css", "zj.css", "console.css", "observatory.css", "chart.css"} {
		css := source(t, name)
		for _, late := range []string{":has(", "color-mix(", "light-dark(", "oklch(", "@container", "@layer", "&:", "url(http"} {
			if strings.Contains(css, late) {
				t.Errorf("%s uses %s", name, late)
			}
		}
		if strings.Count(css, "{") != strings.Count(css, "}") {
			t.Errorf("%s: braces do not match", name)
		}
	}
}

// Every class that a variable is used in exists as a token: a misspelt variable is no colour at all.
func TestVariablesExist(t *testing.T) {
	t.Parallel()
	tokens := source(t, "tokens.css")
	for _, name := range []string{"tokens.css", "zj.css", "console.css", "observatory.css", "chart.css"} {
		for _, m := range regexp.MustCompile(`var\((--[\w-]+)`).FindAllStringSubmatch(source(t, name), -1) {
			if !strings.Contains(tokens, m[1]+":") {
				t.Errorf("%s uses %s, which tokens.css lacks", name, m[1])
			}
		}
	}
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

func luminance(hex string) float64 {
	part := func(i int) float64 {
		n, err := strconv.ParseUint(hex[i:i+2], 16, 8)
		if err != nil {
			return 0
		}
		v := float64(n) / 255
		if v <= .03928 {
			return v / 12.92
		}
		return math.Pow((v+.055)/1.055, 2.4)
	}
	return .2126*part(1) + .7152*part(3) + .0722*part(5)
}
