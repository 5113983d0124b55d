package service_test

import (
	"strings"
	"testing"
	"time"

	"zhijian/domain/service"
)

// A line of a summary leads to a page of this site and nowhere else, whatever an office answers.
func TestRowLeadsToAPageOfThisSite(t *testing.T) {
	t.Parallel()
	steps := `steps:
  - lookup: lot
    office: desk
    call: lots.find
    gives: {known: bool, draw: text}
    down: [retry, notify]
  - check:
      - {label: {zh: 公开页, en: Public page}, text: {zh: 名单, en: List}, href: "/draws/{lot.draw}"}
  - result: found
    say: {zh: 好, en: Good}
    good: true
tests:
  - name: seen
    as: L0
    expect: {view: result}
`
	blank := string(service.Blank("own-lot", nil))
	head, _, _ := strings.Cut(blank, "answers: #")
	d, problems := service.Load("own-lot.yaml", []byte(head+steps))
	if d == nil {
		t.Fatal(problems)
	}
	for answer, want := range map[string]string{"BJ2026-1": "/draws/BJ2026-1", "": "", "../me": "", "x/../../me": "", "a b": "", `\x`: "", "x?y=1": "", "/evil.example": ""} {
		seen := false
		got := service.Stage{
			Offer: service.Offer{City: "330100", Definition: d, Offices: map[string]service.Office{"desk": {System: "desk"}}}, Now: noon,
			Office: func(time.Time, string, string, string, map[string]any) (map[string]any, error) {
				return map[string]any{"known": true, "draw": answer}, nil
			},
			Channel: func(v service.View, wanted map[string][]string) (map[string][]string, error) {
				if v.Kind == service.ViewCheck {
					seen = true
					if v.Rows[0].Href != want || v.Rows[0].Value == "" {
						t.Errorf("%q leads to %q", answer, v.Rows[0].Href)
					}
				}
				return wanted, nil
			},
		}.Run()
		if len(got) != 1 || len(got[0].Bad) > 0 || !seen {
			t.Errorf("%q: %v", answer, got)
		}
	}
	away := strings.Replace(head+steps, `href: "/draws`, `href: "//evil.example/draws`, 1)
	if _, problems := service.Load("own-lot.yaml", []byte(away)); len(problems) != 1 || !strings.Contains(problems[0].Say, "leads away from this site") {
		t.Error(problems)
	}
}
