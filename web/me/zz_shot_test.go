package me_test

import (
	"os"
	"testing"

	"zhijian/domain/cases"
	"zhijian/domain/message"
	"zhijian/ground/actor"
	"zhijian/ground/seal"
)

func TestShot(t *testing.T) {
	dir := os.Getenv("SHOT")
	if dir == "" {
		return
	}
	g := build(t)
	save := func(name string) { os.WriteFile(dir+"/"+name+".html", []byte(g.page), 0o644) }
	g.get("/login")
	save("login")
	g.submit("/login", "phone", "138")
	save("login-err")
	g.submit("/login", "phone", "13800138000")
	save("code")
	g.submit("/login", "code", g.out.code())
	g.get("/me/proof/name?level=4&next=/me")
	save("proof-name")
	g.submit("/me/proof/name", "name", "张四", "citizen_number", personNumber, "consent", "yes")
	save("proof-bad")
	g.submit("/me/proof/name", "name", "张三", "citizen_number", personNumber, "consent", "yes")
	g.get("/me/proof/card?level=4&next=/me")
	save("proof-card")
	g.submit("/me/proof/card", "card_number", personCard, "phone", "13800138000", "consent", "yes")
	g.get("/me/proof/vehicle?level=4&next=/me")
	save("proof-vehicle")
	g.cases.list = []cases.Case{
		{No: "7K2Q9D0M7K2Q9D0MA", City: "330100", Service: "traffic-fine-payment", Version: 1, State: cases.Draft, Summary: seal.Plain("违反规定停车"), Updated: day(0)},
		{No: "7K2Q9D0M7K2Q9D0MB", City: "330100", Service: "hall-appointment", Version: 1, State: cases.Done, Updated: day(-3)},
	}
	for _, n := range []message.Note{
		{Key: "a", Resident: g.resident(), Account: 1, Kind: "case", Title: "note.done", Text: seal.Plain("违反规定停车"), Link: "/cases/7K2Q9D0M7K2Q9D0MA", Rows: []message.Row{{Label: "note.service", Value: "交通违法罚款缴纳"}, {Label: "note.amount", Value: "¥150.00"}}},
	} {
		g.messages.Notify(t.Context(), actor.House, n)
	}
	for name, path := range map[string]string{"me": "/me", "cases": "/me/cases", "messages": "/me/messages", "sessions": "/me/sessions", "privacy": "/me/privacy", "settings": "/me/settings", "enme": "/en/me"} {
		g.get(path)
		save(name)
	}
}
