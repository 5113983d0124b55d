from sector_by_province('f01')
