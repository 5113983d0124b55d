package browser_test

import (
	"testing"

	"zhijian/testkit/house"
)

// TestPeoplePages saves a child and gives a mandate, in every look: what one sees who has nobody yet, who asks, who is asked, and who
// begins a service for one of them.
func TestPeoplePages(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	a := newAlbum(t)
	one, other := h.Resident(t, "L4", 0), h.Resident(t, "L4", 1)
	w := newWindow(t, h)
	w.withAxe()
	w.enter(one)
	w.must("/city/hangzhou/services/school-enrollment-registration")
	w.press("开始")
	w.reads("还没有可以代办的人", "先在这里添加")
	a.take(w, "people-1-nobody")
	w.must("/me/people")
	a.take(w, "people-2-none")
	w.must("/me/people/add")
	w.press("保存")
	a.take(w, "people-3-error")
	w.saveChild(one)
	a.take(w, "people-4-saved")
	w.must("/me/vehicles/add")
	w.fill("plate", other.Plates[0])
	w.press("保存")
	w.reads("登记在您名下", "不等于车在您名下")
	a.take(w, "people-5-vehicles")
	w.must("/me/mandates/ask")
	w.fill("name", other.Name)
	w.fill("citizen_number", other.CitizenNumber)
	w.pick("days", w.first("days"))
	a.takeAsIs(w, "people-6-ask")
	w.press("发给对方")
	w.must("/me/mandates")
	a.take(w, "people-7-asked")

	v := newWindow(t, h)
	v.withAxe()
	v.enter(other)
	v.must("/me/mandates")
	v.reads("同意")
	a.take(v, "people-8-decide")

	w.must("/city/hangzhou/services/vaccine-booking")
	w.press("开始")
	a.take(w, "people-9-whom")
}
