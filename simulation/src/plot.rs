//! Plots as SVG.

use std::ops::Range;
use std::path::Path;

use plotters::coord::Shift;
use plotters::coord::ranged1d::{Ranged, ValueFormatter};
use plotters::prelude::*;

use crate::error::SimError;

/// Width and height in pixels.
const SIZE: (u32, u32) = (820, 480);

/// Colours of the series, told apart without colour vision too.
const COLOURS: [RGBColor; 5] =
    [RGBColor(0, 90, 160), RGBColor(200, 80, 0), RGBColor(0, 130, 90), RGBColor(150, 60, 140), RGBColor(90, 90, 90)];

/// A curve, and points measured along it.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// In the legend.
    pub name: String,
    /// The curve, x and y.
    pub curve: Vec<(f64, f64)>,
    /// Points: x, y, and the ends of y's interval.
    pub points: Vec<(f64, f64, f64, f64)>,
}

/// What a plot is called, says, and shows.
#[derive(Clone, Debug)]
pub struct Plot {
    /// Above it.
    pub title: String,
    /// Along x.
    pub x_label: String,
    /// Along y.
    pub y_label: String,
    /// Ends of x.
    pub x: Range<f64>,
    /// Ends of y.
    pub y: Range<f64>,
    /// At most five.
    pub series: Vec<Series>,
    /// The legend stands below, else above, at the right.
    pub legend_below: bool,
}

impl Plot {
    /// Writes the plot with y in powers of ten.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_logarithmic(&self, path: &Path) -> Result<(), SimError> {
        let area = SVGBackend::new(path, SIZE).into_drawing_area();
        let y = (self.y.start..self.y.end).log_scale();
        self.draw(&area, y, |value| format!("{value:.0e}"), self.y.start)
    }

    /// Writes the plot with an even y.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), SimError> {
        let area = SVGBackend::new(path, SIZE).into_drawing_area();
        self.draw(&area, self.y.start..self.y.end, |value| format!("{}", (value * 100.0).round() / 100.0), self.y.start)
    }

    fn draw<Y, R>(
        &self,
        area: &DrawingArea<SVGBackend<'_>, Shift>,
        y: Y,
        label: impl Fn(&f64) -> String,
        lowest: f64,
    ) -> Result<(), SimError>
    where
        Y: plotters::coord::ranged1d::AsRangedCoord<Value = f64, CoordDescType = R>,
        R: Ranged<ValueType = f64> + ValueFormatter<f64>,
    {
        let failed = |error: DrawingAreaErrorKind<std::io::Error>| SimError::Plot(error.to_string());
        area.fill(&WHITE).map_err(failed)?;
        let mut chart = ChartBuilder::on(area)
            .caption(&self.title, ("sans-serif", 18))
            .margin(12)
            .x_label_area_size(42)
            .y_label_area_size(72)
            .build_cartesian_2d(self.x.start..self.x.end, y)
            .map_err(failed)?;
        chart
            .configure_mesh()
            .x_desc(&self.x_label)
            .y_desc(&self.y_label)
            .y_label_formatter(&label)
            .light_line_style(RGBColor(240, 240, 240))
            .draw()
            .map_err(failed)?;
        for (series, colour) in self.series.iter().zip(COLOURS) {
            let line = LineSeries::new(series.curve.iter().copied(), colour.stroke_width(2));
            chart.draw_series(line).map_err(failed)?.label(&series.name).legend(move |(x, y)| {
                PathElement::new(vec![(x, y), (x.saturating_add(18), y)], colour.stroke_width(2))
            });
            let bars = series.points.iter().map(|(x, _, low, high)| {
                PathElement::new(vec![(*x, low.max(lowest)), (*x, *high)], colour.stroke_width(1))
            });
            chart.draw_series(bars).map_err(failed)?;
            let dots = series.points.iter().map(|(x, y, _, _)| Circle::new((*x, y.max(lowest)), 3, colour.filled()));
            chart.draw_series(dots).map_err(failed)?;
        }
        chart
            .configure_series_labels()
            .position(if self.legend_below { SeriesLabelPosition::LowerRight } else { SeriesLabelPosition::UpperRight })
            .background_style(WHITE.mix(0.85))
            .border_style(RGBColor(200, 200, 200))
            .draw()
            .map_err(failed)?;
        area.present().map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_is_an_svg_with_its_words() {
        let dir = tempfile::tempdir().unwrap();
        let plot = Plot {
            title: "Rates".into(),
            x_label: "share".into(),
            y_label: "rate".into(),
            x: 0.0..1.0,
            y: 1e-6..1.0,
            series: vec![Series {
                name: "default".into(),
                curve: vec![(0.1, 1e-4), (0.9, 0.5)],
                points: vec![(0.5, 1e-2, 0.0, 2e-2)],
            }],
            legend_below: true,
        };
        for (name, logarithmic) in [("log.svg", true), ("even.svg", false)] {
            let path = dir.path().join(name);
            if logarithmic { plot.write_logarithmic(&path) } else { plot.write(&path) }.unwrap();
            let svg = std::fs::read_to_string(path).unwrap();
            for word in ["<svg", "Rates", "share", "default", "<circle"] {
                assert!(svg.contains(word), "{word} in {name}");
            }
        }
    }
}
