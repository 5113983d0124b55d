package transit

import gtfs "github.com/MobilityData/gtfs-realtime-bindings/golang/gtfs"

// What the standard's codes are called; a code that is not here is not told.
var (
	effects = map[gtfs.Alert_Effect]string{
		gtfs.Alert_NO_SERVICE: "停运", gtfs.Alert_REDUCED_SERVICE: "班次减少", gtfs.Alert_SIGNIFICANT_DELAYS: "延误较多", gtfs.Alert_DETOUR: "改道",
		gtfs.Alert_ADDITIONAL_SERVICE: "加开班次", gtfs.Alert_MODIFIED_SERVICE: "班次有调整", gtfs.Alert_OTHER_EFFECT: "其他影响", gtfs.Alert_UNKNOWN_EFFECT: "影响不明",
		gtfs.Alert_STOP_MOVED: "站点移位", gtfs.Alert_NO_EFFECT: "不影响出行", gtfs.Alert_ACCESSIBILITY_ISSUE: "无障碍设施停用",
	}
	causes = map[gtfs.Alert_Cause]string{
		gtfs.Alert_UNKNOWN_CAUSE: "原因不明", gtfs.Alert_OTHER_CAUSE: "其他原因", gtfs.Alert_TECHNICAL_PROBLEM: "设备故障", gtfs.Alert_STRIKE: "停工",
		gtfs.Alert_DEMONSTRATION: "集会", gtfs.Alert_ACCIDENT: "事故", gtfs.Alert_HOLIDAY: "节假日", gtfs.Alert_WEATHER: "天气", gtfs.Alert_MAINTENANCE: "检修",
		gtfs.Alert_CONSTRUCTION: "施工", gtfs.Alert_POLICE_ACTIVITY: "警方处置", gtfs.Alert_MEDICAL_EMERGENCY: "急救",
	}
	crowds = map[gtfs.VehiclePosition_OccupancyStatus]string{
		gtfs.VehiclePosition_EMPTY: "很空", gtfs.VehiclePosition_MANY_SEATS_AVAILABLE: "座位多", gtfs.VehiclePosition_FEW_SEATS_AVAILABLE: "座位少",
		gtfs.VehiclePosition_STANDING_ROOM_ONLY: "只有站位", gtfs.VehiclePosition_CRUSHED_STANDING_ROOM_ONLY: "很挤", gtfs.VehiclePosition_FULL: "满员",
		gtfs.VehiclePosition_NOT_ACCEPTING_PASSENGERS: "不上客",
	}
)
