// Where the pointer is: degrees and CGCS2000 Gauss-Krüger metres; the middle of the map while there is no pointer.
import { gaussKrueger, threeDegreeMeridian } from "./gauss.js";
import { element, t } from "./words.js";

export function showCoordinates(map) {
  const output = element("output", { className: "coordinates", ariaLabel: t("坐标") });
  const control = L.control({ position: "bottomright" });
  control.onAdd = () => output;
  control.addTo(map);
  const tell = ({ lat, lng }) => {
    const meridian = threeDegreeMeridian(lng);
    const { east, north } = gaussKrueger(lng, lat, meridian);
    output.replaceChildren(
      element("span", { textContent: `${lng.toFixed(5)}°, ${lat.toFixed(5)}°` }),
      element("span", {
        textContent: `X ${north.toFixed(1)}  Y ${east.toFixed(1)}`,
        title: t("CGCS2000 三度带高斯-克吕格，中央经线 {n}°，Y 加 500 千米，未加带号", { n: meridian }),
      }),
      element("small", { textContent: `CM ${meridian}°` }),
    );
  };
  map.on("mousemove", ({ latlng }) => tell(latlng));
  map.on("moveend", () => tell(map.getCenter()));
  tell(map.getCenter());
}
