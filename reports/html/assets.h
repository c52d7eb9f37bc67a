#pragma once

#include <string_view>

namespace reports::assets {

/// Files of reports/html/ and Chart.js, embedded into the program by cmake/EmbedFiles.cmake.
extern const std::string_view page_mustache;
extern const std::string_view table_mustache;
extern const std::string_view page_css;
extern const std::string_view theme_js;
extern const std::string_view tables_js;
extern const std::string_view plots_js;
extern const std::string_view cell_plots_js;
extern const std::string_view bar_plots_js;
extern const std::string_view drift_plot_js;
extern const std::string_view records_js;
extern const std::string_view chart_licence_txt;
extern const std::string_view chart_min_js;  ///< Debian's libjs-chart.js

}  // namespace reports::assets
