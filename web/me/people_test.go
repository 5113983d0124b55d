package me_test

import (
	"net/http"
	"strings"
	"testing"

	"zhijian/domain/identity"
	"zhijian/ground/actor"
)

// People are added, listed masked and removed, without a script; the way back to the step one came from stays.
func TestPeoplePages(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.signIn("/me")
	g.get("/me/people")
	if g.status != http.StatusSeeOther || !strings.Contains(g.at, "/me/proof") {
		t.Fatalf("people without a name: %d %s", g.status, g.at)
	}
	g.get("/me/proof/name")
	g.submit("/me/proof/name", "name", personName, "citizen_number", personNumber, "consent", "yes")
	g.get("/me/people/add?next=/cases/0ABC/steps/contact")
	g.submit("/me/people/add", "name", "张小宝", "citizen_number", "110105201801010019", "relation", "child")
	if g.status != http.StatusUnprocessableEntity || !strings.Contains(g.page, "请确认对方知道并同意") || !strings.Contains(g.page, "张小宝") {
		t.Fatalf("without consent: %d", g.status)
	}
	g.submit("/me/people/add", "consent", "yes", "relation", "child")
	if g.status != http.StatusSeeOther || !strings.Contains(g.at, "next=%2Fcases%2F0ABC%2Fsteps%2Fcontact") {
		t.Fatalf("saved: %d %s", g.status, g.at)
	}
	g.get(g.at)
	if !strings.Contains(g.page, "张*宝") || strings.Contains(g.page, "张小宝") || strings.Contains(g.page, "110105201801010019") || !strings.Contains(g.page, "可以替孩子办事") || !strings.Contains(g.page, `href="/cases/0ABC/steps/contact"`) {
		t.Errorf("the list: %s", g.page)
	}
	g.submit("/me/people/drop")
	g.get("/me/people")
	if strings.Contains(g.page, "张*宝") {
		t.Error("still there")
	}
	g.get("/me/privacy/withdraw?purpose=people")
	g.submit("/me/privacy/withdraw")
	if g.status != http.StatusSeeOther {
		t.Errorf("consent withdrawn: %d", g.status)
	}
}

// A mandate is asked for whether or not there is such a resident; who is asked sees the whole name, and must prove presence to agree.
func TestMandatePages(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.signIn("/me")
	g.get("/me/proof/name")
	g.submit("/me/proof/name", "name", personName, "citizen_number", personNumber, "consent", "yes")
	g.get("/me/mandates/ask")
	g.submit("/me/mandates/ask", "name", "李四", "citizen_number", "1101011990030700", "days", "30")
	if g.status != http.StatusUnprocessableEntity {
		t.Fatalf("a number too short: %d", g.status)
	}
	g.submit("/me/mandates/ask", "citizen_number", "110101199003070011")
	if g.status != http.StatusSeeOther {
		t.Fatalf("asked: %d", g.status)
	}
	g.get("/me/mandates")
	if !strings.Contains(g.page, "等对方确认") || !strings.Contains(g.page, "李*") || strings.Contains(g.page, "李四") {
		t.Errorf("what waits: %s", g.page)
	}
	mine, _, err := g.identity.Mandates(t.Context(), actor.Actor{Kind: actor.Resident, ID: g.resident()})
	must(t, err)
	g.get("/me/mandates")
	g.submit("/me/mandates/end")
	g.get("/me/mandates")
	if strings.Contains(g.page, "等对方确认") {
		t.Error("taken back, and still waiting")
	}
	if mine[0].State != identity.MandateAsked {
		t.Errorf("asked: %s", mine[0].State)
	}
}

// A vehicle is saved as it is typed, listed, and removed, without a script; a plate never stands in an address.
func TestVehiclePages(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.signIn("/me")
	g.get("/me/vehicles/add?next=/cases/0ABC/steps/plate")
	g.submit("/me/vehicles/add", "plate", "浙A6")
	if g.status != http.StatusUnprocessableEntity || !strings.Contains(g.page, "浙A6") {
		t.Fatalf("no plate: %d", g.status)
	}
	g.submit("/me/vehicles/add", "plate", "浙a66666")
	if g.status != http.StatusSeeOther || !strings.Contains(g.at, "next=%2Fcases%2F0ABC%2Fsteps%2Fplate") || strings.Contains(g.at, "66666") {
		t.Fatalf("saved: %d %s", g.status, g.at)
	}
	g.get(g.at)
	if !strings.Contains(g.page, "浙A·66666") || !strings.Contains(g.page, `href="/cases/0ABC/steps/plate"`) || strings.Contains(g.page, "登记在您名下</") {
		t.Errorf("the list: %s", g.page)
	}
	g.submit("/me/vehicles/drop")
	g.get("/me/vehicles")
	if strings.Contains(g.page, "66666") {
		t.Error("still there")
	}
}
