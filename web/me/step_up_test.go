package me_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"zhijian/door"
)

// stepUp proves presence on the way to a page, and opens it.
func (g *rig) stepUp(to string, second ...string) {
	g.t.Helper()
	g.get(door.With("/me/step-up", to))
	g.submit("/me/step-up")
	g.submit("/me/step-up", append([]string{"code", g.out.code()}, second...)...)
	if g.status != http.StatusSeeOther || g.at != to {
		g.t.Fatalf("not stepped up: %d to %s: %s", g.status, g.at, g.page)
	}
	g.get(g.at)
}

// T09, T10: a session that a code alone opened does not give away what is sensitive.
func TestStepUpForExport(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.signIn("/me")
	g.get("/me/proof/name?level=3&next=/me")
	g.submit("/me/proof/name", "name", personName, "citizen_number", personNumber, "consent", "yes")
	g.get("/me/proof/card?level=3&next=/me")
	g.submit("/me/proof/card", "card_number", personCard, "phone", personPhone, "consent", "yes")
	denied := func(when string) {
		t.Helper()
		g.get("/me/export")
		if g.status != http.StatusSeeOther || g.at != "/me/step-up?next=%2Fme%2Fexport" || strings.Contains(g.page, "identity") {
			t.Fatalf("export %s: %d to %s", when, g.status, g.at)
		}
	}
	denied("after signing in by code")
	g.get("/en/me/step-up?next=%2Fme%2Fexport")
	g.sound("step-up in English")
	g.get("/me/step-up?next=%2Fme%2Fexport")
	g.sound("step-up")
	g.submit("/me/step-up")
	g.sound("step-up code")
	for _, want := range []string{`name="code"`, `name="card_number"`, "138****8000"} {
		if !strings.Contains(g.page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	for _, wrong := range [][]string{{"code", g.out.code()}, {"code", g.out.code(), "card_number", "6217000000000000004"}, {"code", "000000", "card_number", personCard}} {
		g.submit("/me/step-up", wrong...)
		if g.status != http.StatusUnprocessableEntity || strings.Contains(g.page, personCard) {
			t.Fatalf("%v: %d", wrong, g.status)
		}
		g.sound("step-up wrong")
		denied("after a wrong step-up")
		g.get("/me/step-up?next=%2Fme%2Fexport")
		g.submit("/me/step-up") // within the minute: the code is still good
	}
	session := g.jar["zj"]
	g.stepUp("/me/export", "card_number", "6222 0200 0000 0000 000")
	if g.jar["zj"] == session || !strings.Contains(g.page, personNumber) {
		t.Errorf("export after stepping up: %d; the session must be replaced", g.status)
	}
	g.clock.Advance(16 * time.Minute)
	denied("16 minutes later")
	g.get("/me/sessions")
	if g.status != http.StatusOK {
		t.Errorf("ordinary pages need no step-up: %d", g.status)
	}
	g.get("/me/step-up?next=//evil.example")
	if strings.Contains(g.page, `value="//evil`) || strings.Contains(g.page, `href="//evil`) {
		t.Error("the step-up leads to another site")
	}
}
