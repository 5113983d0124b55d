package server

import (
	"context"
	"fmt"

	"zhijian/domain/booking"
	"zhijian/domain/booking/plan"
	"zhijian/ground/actor"
	"zhijian/ground/geo"
)

// demoCounters are what the service halls of Suzhou keep in the house itself, in a demonstration.
func demoCounters() []booking.Resource {
	matters := []string{"身份证补领", "户口迁移", "社保卡补办", "不动产登记", "营业执照办理", "居住证申领", "公积金提取"}
	all := []int{1, 2, 3, 4, 5}
	var list []booking.Resource
	for i, hall := range []struct {
		name, address string
		at            geo.Point
	}{
		{"市民中心综合窗口（演示）", "三香路 998 号", geo.Point{Lat: 31.3003, Lon: 120.5812}},
		{"姑苏区政务服务大厅（演示）", "平泷路 510 号", geo.Point{Lat: 31.3355, Lon: 120.5986}},
		{"园区一站式服务中心（演示）", "现代大道 999 号", geo.Point{Lat: 31.3246, Lon: 120.7224}},
	} {
		r := booking.Resource{
			Pool: fmt.Sprintf("320500-h%d", i+1), Kind: booking.Counter, Name: hall.name, Address: hall.address, At: hall.at, Region: "320500", Matters: matters,
			Rules: booking.DefaultRules(),
			Plan: plan.Plan{
				Weekly:  []plan.Span{{Days: all, From: "09:00", To: "12:00", Places: 5}, {Days: all, From: "13:30", To: "17:00", Places: 5}},
				Minutes: 30, WalkIn: 40, FreeBefore: 60, Ahead: 7, Opens: "08:00",
			},
		}
		if i == 2 { // works at weekends as well, with fewer windows
			r.Plan.Weekly = append(r.Plan.Weekly, plan.Span{Days: []int{6, 7}, From: "09:00", To: "12:00", Places: 2})
		}
		list = append(list, r)
	}
	return list
}

// openCounters opens what the demonstration keeps in the house; what is there already stays as staff have made it.
func (h *House) openCounters(ctx context.Context) error {
	account, department, err := organs{h.rooms.account}.Owner(ctx, "szjszw")
	if err != nil {
		return fmt.Errorf("who keeps the counters: %w", err)
	}
	for _, r := range demoCounters() {
		r.Account, r.Department = account, department
		if _, err := h.rooms.booking.Open(ctx, actor.House, r); err != nil {
			return err
		}
	}
	return nil
}
