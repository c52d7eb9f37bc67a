#pragma once

#include <string_view>

namespace reports::assets {

/// Files of reports/html/ and Chart.js, embedded into the program by cmake/EmbedFiles.cmake.
extern const std::string_view kPageMustache;
extern const std::string_view kTableMustache;
extern const std::string_view kPageCss;
extern const std::string_view kThemeJs;
extern const std::string_view kTablesJs;
extern const std::string_view kPlotsJs;
extern const std::string_view kCellPlotsJs;
extern const std::string_view kBarPlotsJs;
extern const std::string_view kDriftPlotJs;
extern const std::string_view kRecordsJs;
extern const std::string_view kChartLicenceTxt;
extern const std::string_view kChartMinJs;  ///< Debian's libjs-chart.js

}  // namespace reports::assets
