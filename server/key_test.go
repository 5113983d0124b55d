package server_test

import (
	"net/http"
	"testing"

	"zhijian/testkit/house"
)

// T23: one key opens one case, however often it is sent; the key with another body is a mistake of the program.
func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	m := machine(t, h, h.Resident(t, "L4", 0))
	head := map[string]string{"Authorization": m.head["Authorization"], "Idempotency-Key": "one-and-only"}
	send := func(service string, plate string) (int, map[string]any) {
		return ask(t, http.MethodPost, h.Ready.APIURL+"/cities/hangzhou/services/"+service+"/cases", head, map[string]any{"values": map[string][]string{"plate": {plate}}})
	}
	status, first := send("traffic-fine-payment", "浙A12345")
	if status != http.StatusCreated {
		t.Fatalf("opening: %d %v", status, first)
	}
	if status, again := send("traffic-fine-payment", "浙A12345"); status != http.StatusCreated || again["no"] != first["no"] {
		t.Errorf("the same again: %d %v, want case %v", status, again["no"], first["no"])
	}
	for name, c := range map[string][2]string{"another plate": {"traffic-fine-payment", "浙A12346"}, "another service": {"vehicle-violation-query", "浙A12345"}} {
		if status, said := send(c[0], c[1]); status != http.StatusUnprocessableEntity || said["code"] != "cases.key" {
			t.Errorf("%s: %d %v, want 422", name, status, said)
		}
	}
}
